"""What is printed about a group: the register of one session, the contact sheet, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import my_queries, planning, queries, services
from app.cohorts.models import Cohort
from app.documents.models import StoredDocument
from app.documents.queries import READY_OF_GROUP, list_documents
from app.documents.services import request_paper
from app.schools import queries as schools
from app.shell.dates import day
from app.shell.refusals import Refused
from app.states.documents import DocumentState
from app.states.groups import OVER, SessionState
from infra.clock import today
from tenants.pages import Part
from tenants.reading import read_once

REGISTER_ASKED = define("cohorts:register:asked")
CONTACTS_ASKED = define("cohorts:contact_sheet:asked")
PLAN_ASKED = define("cohorts:plan:asked")
CONTACTS_SEEN = define("cohorts:contact_sheet:opened")


def request_register(session: Session, school_id: UUID, session_id: UUID, by_name: str) -> UUID:
    """Ask for the register of one session as a PDF, once however often it is pressed; the document's id.

    Raises NotFound.
    """
    meeting = queries.get_session(session, school_id, session_id)
    document_id, is_new = request_paper(
        session,
        kind="session_register",
        school_id=school_id,
        file_name=f"register-session-{meeting.number}.pdf",
        subject_id=session_id,
        cohort_id=meeting.cohort_id,
        created_by=by_name,
    )
    if is_new:
        record(session, REGISTER_ASKED, subject_id=session_id)
    return document_id


def request_contact_sheet(session: Session, school_id: UUID, cohort_id: UUID, by_name: str) -> UUID:
    """Ask for the contact sheet as a PDF, once however often it is pressed; the document's id.

    It is for those who lead the group, who reach nobody in it once it is over. Raises NotFound, Refused.
    """
    if queries.get_cohort(session, school_id, cohort_id).state in OVER:
        raise Refused(no_sheet())
    document_id, is_new = request_paper(
        session,
        kind="contact_sheet",
        school_id=school_id,
        file_name="contact-sheet.pdf",
        subject_id=cohort_id,
        cohort_id=cohort_id,
        created_by=by_name,
    )
    if is_new:
        record(session, CONTACTS_ASKED, subject_id=cohort_id)
    return document_id


def no_sheet() -> str:
    """Why there is no contact sheet of a group that is over."""
    return _("This group is over, so those who led it have no contact sheet of it any more.")


def days_that_cannot_be(session: Session, calendar: planning.SchoolCalendar, cohort: Cohort) -> list[str]:
    """Which sessions to come cannot be on their day, in words: nobody is told such a day."""
    return [
        _(
            "Session %(n)s cannot be on %(day)s: %(why)s.",
            n=one.number,
            day=day(one.on_date),
            why=one.reason,
        )
        for one in services.list_conflicts(session, calendar, cohort)
    ]


def ask_for_plan(session: Session, school_id: UUID, parent_id: UUID, *, by: str) -> UUID | None:
    """Have the dates of a parent's group made as one sheet; the document's id. None where no date is to come.

    Asked again on the same day, it is made again: dates move. Pressed twice, it is made once. Refused while a session
    is on a day that cannot be: paper stays on the fridge.
    """
    group = my_queries.find_my_group(session, school_id, parent_id)
    if group is None or not any(
        one.state == SessionState.PLANNED and one.on_date >= today()
        for one in queries.list_sessions(session, school_id, group.id)
    ):
        return None
    school = schools.get_school(session, school_id)
    calendar = planning.read_calendar(session, school.authority_id, school_id)
    for words in days_that_cannot_be(session, calendar, queries.get_cohort(session, school_id, group.id)):
        raise Refused(_("%(what)s Move or cancel it first. Then print their dates.", what=words))
    document_id, is_new = request_paper(
        session,
        kind="group_plan",
        school_id=school_id,
        # Neutral on purpose: no name of anybody in a list of downloads.
        file_name="dates.pdf",
        subject_id=parent_id,
        cohort_id=group.id,
        parent_id=parent_id,
        created_by=by,
    )
    if is_new:
        record(session, PLAN_ASKED, subject_id=parent_id)
    return document_id


def find_plan(session: Session, school_id: UUID, parent_id: UUID) -> StoredDocument | None:
    """The newest sheet of dates that was made for a parent."""
    plans = list_documents(session, school_id, ("group_plan",), subject_id=parent_id)
    return next((one for one in plans if one.state != DocumentState.REFUSED), None)


@read_once
def list_certificates(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, UUID]:
    """Parent -> their certificate, of those that are made."""
    values = {"school_id": school_id, "cohort_id": cohort_id, "kind": "certificate"}
    return _as_certificates(READY_OF_GROUP.all(session, values))


def _as_certificates(rows: Sequence[Any]) -> dict[UUID, UUID]:
    return {row.parent_id: row.id for row in rows}


CERTIFICATES = Part(
    list_certificates,
    READY_OF_GROUP,
    takes=("school_id", "cohort_id"),
    fixed={"kind": "certificate"},
    answer=_as_certificates,
)


def note_contacts_seen(session: Session, cohort_id: UUID) -> None:
    """Somebody looked at how to reach everybody in a group."""
    record(session, CONTACTS_SEEN, subject_id=cohort_id)
