"""What is printed about a group: the register of one session, the contact sheet, certificates."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.cohorts import queries
from app.documents.queries import list_documents
from app.documents.services import request_document
from app.privacy.audit import define, record

REGISTER_ASKED = define("cohorts:register:asked")
CONTACTS_ASKED = define("cohorts:contact_sheet:asked")
CONTACTS_SEEN = define("cohorts:contact_sheet:opened")


def request_register(session: Session, school_id: UUID, session_id: UUID, by_name: str) -> UUID:
    """Ask for the register of one session as a PDF; the document's id. Raises NotFound."""
    meeting = queries.get_session(session, school_id, session_id)
    record(session, REGISTER_ASKED, subject_id=session_id)
    return request_document(
        session,
        kind="session_register",
        school_id=school_id,
        file_name=f"register-session-{meeting.number}.pdf",
        subject_id=session_id,
        cohort_id=meeting.cohort_id,
        created_by=by_name,
    )


def request_contact_sheet(session: Session, school_id: UUID, cohort_id: UUID, by_name: str) -> UUID:
    """Ask for the contact sheet as a PDF; the document's id. Raises NotFound."""
    queries.get_cohort(session, school_id, cohort_id)
    record(session, CONTACTS_ASKED, subject_id=cohort_id)
    return request_document(
        session,
        kind="contact_sheet",
        school_id=school_id,
        file_name="contact-sheet.pdf",
        subject_id=cohort_id,
        cohort_id=cohort_id,
        created_by=by_name,
    )


def list_certificates(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, UUID]:
    """Parent -> their certificate, of those that are made."""
    found = list_documents(session, school_id, ("certificate",), cohort_id=cohort_id)
    return {one.parent_id: one.id for one in found if one.parent_id and one.is_ready}


def note_contacts_seen(session: Session, cohort_id: UUID) -> None:
    """Somebody looked at how to reach everybody in a group."""
    record(session, CONTACTS_SEEN, subject_id=cohort_id)
