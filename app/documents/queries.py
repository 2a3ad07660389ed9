"""Which documents there are. Scope first; the database shows each audience its own kinds only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from app.documents.models import StoredDocument
from app.shell.errors import NotFound
from app.states.documents import DocumentState
from tenants.pages import Part, looked, own_part
from tenants.reading import read_once
from tenants.ready import Ready


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


#: What is ready of one kind for the people of a group: each parent's, the newest last.
READY_OF_GROUP = Ready(
    select(StoredDocument.parent_id, StoredDocument.id)
    .where(
        StoredDocument.school_id == bindparam("school_id"),
        StoredDocument.cohort_id == bindparam("cohort_id"),
        StoredDocument.kind == bindparam("kind"),
        StoredDocument.state == DocumentState.READY,
        StoredDocument.parent_id.is_not(None),
    )
    .order_by(StoredDocument.created_at.desc(), StoredDocument.id.desc())
)

_ALL_SIGNED = (
    select(StoredDocument)
    .where(StoredDocument.kind == "signed_agreement")
    .order_by(StoredDocument.created_at.desc(), StoredDocument.id.desc())
)
_SIGNED = (
    select(StoredDocument)
    .where(StoredDocument.school_id == bindparam("school_id"), StoredDocument.kind == "signed_agreement")
    .order_by(StoredDocument.created_at.desc(), StoredDocument.id.desc())
)


@read_once
def list_signed_papers(session: Session, school_id: UUID) -> list[StoredDocument]:
    """The signed agreements that a school sent in, newest first."""
    return list(session.scalars(_SIGNED, {"school_id": school_id}))


SIGNED_PAPERS = Part(list_signed_papers, _SIGNED, takes=("school_id",), answer=looked(StoredDocument))


@read_once
def list_all_signed(session: Session) -> list[StoredDocument]:
    """The same of every school in the scope, newest first."""
    return list(session.scalars(_ALL_SIGNED))


ALL_SIGNED = Part(list_all_signed, _ALL_SIGNED, answer=looked(StoredDocument))


_MY_CERTIFICATE = (
    select(StoredDocument.id)
    .where(
        StoredDocument.school_id == bindparam("school_id"),
        StoredDocument.kind == "certificate",
        StoredDocument.state == DocumentState.READY,
        StoredDocument.parent_id == bindparam("parent_id"),
        StoredDocument.cohort_id == bindparam("cohort_id"),
    )
    .order_by(StoredDocument.ready_at.desc(), StoredDocument.id.desc())
    .limit(1)
)


@read_once
def find_my_certificate(session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID) -> UUID | None:
    """This parent's own certificate of a group that is over, once it is made."""
    values = {"school_id": school_id, "parent_id": parent_id, "cohort_id": cohort_id}
    return session.scalar(_MY_CERTIFICATE, values)


MY_CERTIFICATE = own_part(
    find_my_certificate,
    _MY_CERTIFICATE,
    lambda rows: rows[0].id if rows else None,
    also=("cohort_id",),
)


def find_ready(
    session: Session,
    school_id: UUID,
    kind: str,
    *,
    subject_id: UUID | None = None,
    cohort_id: UUID | None = None,
    parent_id: UUID | None = None,
    since: Any = None,
) -> UUID | None:
    """The newest ready document of a kind, of those given; made at or after `since`."""
    query = select(StoredDocument.id).where(
        StoredDocument.school_id == school_id,
        StoredDocument.kind == kind,
        StoredDocument.state == DocumentState.READY,
    )
    for column, wanted in (
        (StoredDocument.subject_id, subject_id),
        (StoredDocument.cohort_id, cohort_id),
        (StoredDocument.parent_id, parent_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if since is not None:
        query = query.where(StoredDocument.created_at >= since)
    return session.scalar(query.order_by(StoredDocument.ready_at.desc(), StoredDocument.id.desc()).limit(1))


def find_newer(session: Session, document: StoredDocument) -> StoredDocument | None:
    """The newest one about the same that is ready; None where there is none in this scope."""
    newer = (
        select(StoredDocument)
        .where(
            StoredDocument.school_id == document.school_id,
            StoredDocument.kind == document.kind,
            StoredDocument.subject_id.is_not_distinct_from(document.subject_id),
            StoredDocument.cohort_id.is_not_distinct_from(document.cohort_id),
            StoredDocument.parent_id.is_not_distinct_from(document.parent_id),
            StoredDocument.state == DocumentState.READY,
            tuple_(StoredDocument.created_at, StoredDocument.id) > (document.created_at, document.id),
        )
        .order_by(StoredDocument.created_at.desc(), StoredDocument.id.desc())
        .limit(1)
    )
    return session.scalar(newer)


def find_latest(
    session: Session, school_id: UUID, kind: str, *, subject_id: UUID | None = None
) -> StoredDocument | None:
    """The newest document of a kind, about `subject_id` when given."""
    return next(iter(list_documents(session, school_id, (kind,), subject_id=subject_id)), None)
