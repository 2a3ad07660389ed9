"""Where a document stands for somebody who may read it: its own state, and what has happened since it was made."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.cohorts.members import list_member_ids
from app.documents import queries
from app.documents.models import StoredDocument
from app.recruitment.queries import find_parent
from app.schools import agreements
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
    newer = queries.find_newer(session, document)
    if document.kind == agreements.KIND and newer is not None:
        return _find_newer_agreement(session, document, newer)
    return newer


def _find_newer_agreement(
    session: Session, document: StoredDocument, newer: StoredDocument
) -> StoredDocument | None:
    """One that was accepted is the one to use until a newer one is accepted too."""
    signed = agreements.find_signed(session, document.school_id)
    if signed is None or signed.in_force is None:
        return newer
    in_force = signed.in_force.document
    if in_force.id == document.id:
        return None
    return in_force if in_force.created_at > document.created_at else newer


def _is_over(session: Session, document: StoredDocument) -> bool:
    if document.parent_id is None:
        return False
    if document.kind == "invitation_letter":
        parent = find_parent(session, document.school_id, document.parent_id)
        return parent is not None and parent.stage in DO_NOT_WRITE
    if document.kind == "group_plan" and document.cohort_id is not None:
        return document.parent_id not in list_member_ids(session, document.school_id, document.cohort_id)
    return False
