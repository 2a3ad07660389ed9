"""Where a document stands for somebody who may read it: its own state, and what has happened since it was made."""

from __future__ import annotations

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.cohorts.members import list_member_ids
from app.documents.models import StoredDocument
from app.recruitment.models import Parent
from app.states.documents import DocumentState
from app.states.parents import DO_NOT_WRITE

#: Kinds of which the newest alone counts. Papers printed for a moment, and slips that were signed, stay what they were.
OF_NOW = frozenset(
    {
        "project_brief",
        "agreement",
        "signed_agreement",
        "learning_notes",
        "group_plan",
        "invitation_letter",
        "certificate",
    }
)


def standing_of(session: Session, document: StoredDocument) -> str:
    """Its row's state; once it is ready also "withdrawn", what it was for is over, or "superseded" by a newer one."""
    if not document.is_ready:
        return document.state
    if _is_over(session, document):
        return "withdrawn"
    return "ready" if find_newer(session, document) is None else "superseded"


def find_newer(session: Session, document: StoredDocument) -> StoredDocument | None:
    """The newest one that took the place of `document` and is ready; None where there is none in this scope."""
    if document.kind not in OF_NOW:
        return None
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


def _is_over(session: Session, document: StoredDocument) -> bool:
    if document.parent_id is None:
        return False
    if document.kind == "invitation_letter":
        parent = session.get(Parent, (document.school_id, document.parent_id))
        return parent is not None and parent.stage in DO_NOT_WRITE
    if document.kind == "group_plan" and document.cohort_id is not None:
        return document.parent_id not in list_member_ids(session, document.school_id, document.cohort_id)
    return False
