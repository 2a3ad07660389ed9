"""Which documents there are. Scope first; the database shows each audience its own kinds only."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.models import StoredDocument
from app.shell.errors import NotFound


def get_document(session: Session, document_id: UUID) -> StoredDocument:
    """One document that this scope may see. Raises NotFound."""
    found = session.scalar(select(StoredDocument).where(StoredDocument.id == document_id))
    if found is None:
        raise NotFound
    return found


def list_documents(
    session: Session,
    school_id: UUID,
    kinds: Sequence[str],
    *,
    subject_id: UUID | None = None,
    cohort_id: UUID | None = None,
) -> list[StoredDocument]:
    """A school's documents of these kinds, newest first."""
    query = select(StoredDocument).where(
        StoredDocument.school_id == school_id, StoredDocument.kind.in_(kinds)
    )
    if subject_id is not None:
        query = query.where(StoredDocument.subject_id == subject_id)
    if cohort_id is not None:
        query = query.where(StoredDocument.cohort_id == cohort_id)
    return list(session.scalars(query.order_by(StoredDocument.created_at.desc(), StoredDocument.id.desc())))


def find_latest(
    session: Session, school_id: UUID, kind: str, *, subject_id: UUID | None = None
) -> StoredDocument | None:
    """The newest document of a kind, about `subject_id` when given."""
    return next(iter(list_documents(session, school_id, (kind,), subject_id=subject_id)), None)
