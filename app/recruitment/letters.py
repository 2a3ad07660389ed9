"""The invitation on paper: for whoever reads no email and no text, or stopped both."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.documents.models import StoredDocument
from app.documents.queries import list_documents
from app.documents.services import request_document
from app.recruitment.services import check_may_ask
from app.recruitment.steps import lock_parent, move
from app.schools import stage_rights
from app.states.documents import DocumentState
from app.states.parents import BySide, ParentStage
from infra.clock import LONDON, now, today

LETTER_ASKED = define("recruitment:letter:asked")


def ask_for_letter(session: Session, school_id: UUID, parent_id: UUID, *, by: str) -> UUID:
    """Have today's letter to this parent made; the document's id, also when it was asked for before today.

    Whoever gets one has been invited. Raises NotFound, and Refused where an invitation would be wrong.
    """
    stage_rights.check(session, school_id, "invite_parents")
    parent = lock_parent(session, school_id, parent_id)
    check_may_ask(parent)
    latest = find_letter(session, school_id, parent_id)
    if latest is not None and latest.created_at.astimezone(LONDON).date() == today():
        return latest.id
    document_id = request_document(
        session,
        kind="invitation_letter",
        school_id=school_id,
        # Neutral on purpose: no name of anybody in a list of downloads.
        file_name="invitation-letter.pdf",
        subject_id=parent_id,
        parent_id=parent_id,
        created_by=by,
    )
    parent.invited_at = now()
    move(session, parent, ParentStage.INVITED, by_side=BySide.SCHOOL, reason=_("By letter"))
    record(session, LETTER_ASKED, subject_id=parent_id)
    return document_id


def find_letter(session: Session, school_id: UUID, parent_id: UUID) -> StoredDocument | None:
    """The newest letter to this parent that was made or is being made."""
    letters = list_documents(session, school_id, ("invitation_letter",), subject_id=parent_id)
    return next((letter for letter in letters if letter.state != DocumentState.REFUSED), None)
