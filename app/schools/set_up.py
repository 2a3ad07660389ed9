"""What a school does before it starts: its five tasks, and its closed days."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.audit.trail import define, record
from app.documents.queries import list_documents
from app.documents.services import accept_upload, request_document
from app.schools import agreements, people, queries, stage_rights
from app.schools.appointments import Invited, NobodyCould
from app.schools.models import School, SchoolClosedDay, SchoolTask, StaffMember
from app.schools.naming import plain_name
from app.schools.papers import DOCUMENTS, draw_again
from app.schools.services import lock_school, move
from app.schools.stages import TASKS
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.documents import DocumentState
from app.states.schools import BEFORE_SIGNING, UNDER_WAY, UNSIGNED, SchoolStage, Side
from infra.clock import now

TASK_DONE = define("schools:task:done", keys=("task",))
DETAILS_CHANGED = define("schools:details:changed", keys=("part",))
CLOSED_DAY_ADDED = define("schools:closed_day:added", keys=("on_date",))
CLOSED_DAY_REMOVED = define("schools:closed_day:removed", keys=("on_date",))
AGREEMENT_UPLOADED = define("schools:agreement:uploaded")

DETAILS = (
    "address",
    "phone",
    "contact_name",
    "contact_role",
    "contact_phone",
    "contact_email",
    "contact_deputy",
    "dsl_name",
    "dsl_phone",
    "dsl_deputy",
)
ROOM = ("room", "room_notes", "planned_start_on")


def save_details(session: Session, school_id: UUID, *, by: str, values: dict[str, Any]) -> None:
    """Keep how parents reach the school and who keeps children safe; the task is done."""
    school = lock_school(session, school_id)
    values |= named_in_agreement(session, school)
    _save(session, school_id, "details", DETAILS, by=by, values=values)


#: What the agreement calls who reads concerns, and the fields of the details that say who that is.
READERS = {"school_dsl": "dsl_name", people.DEPUTY: "dsl_deputy"}


def named_in_agreement(session: Session, school: School) -> dict[str, str]:
    """Field -> the name that a signed agreement settles: somebody else to read concerns is an appointment."""
    if school.stage in BEFORE_SIGNING:
        return {}
    named = agreements.find_named(session, school.school_id)
    return {field: named[code] for code, field in READERS.items() if named.get(code)}


def save_room(session: Session, school_id: UUID, *, by: str, values: dict[str, Any]) -> None:
    """Keep the room and the planned start; the task is done."""
    _save(session, school_id, "room_and_dates", ROOM, by=by, values=values)


def _save(
    session: Session, school_id: UUID, task: str, fields: tuple[str, ...], *, by: str, values: dict[str, Any]
) -> None:
    school = lock_school(session, school_id)
    stage_rights.require(school.stage, "prepare")
    for name in fields:
        setattr(school, name, values[name])
    is_new = session.is_modified(school)
    session.flush()
    if is_new:
        record(session, DETAILS_CHANGED, subject_id=school_id, part=task)
        draw_again(session, school, by=by)
    _complete(session, school, task, by=by)


def read_brief(session: Session, school_id: UUID, *, by: str) -> None:
    """The lead says that the brief is read."""
    school = lock_school(session, school_id)
    stage_rights.require(school.stage, "prepare")
    _complete(session, school, "brief", by=by)


def finish_staff(session: Session, school_id: UUID, *, by: str) -> None:
    """The lead says that everybody is invited. Raises Refused while there is no safeguarding lead."""
    school = lock_school(session, school_id)
    if not any(one.role == "school_dsl" for one in queries.list_staff(session, school_id)):
        raise Refused(_("Invite your safeguarding lead first. A school cannot start without one."))
    _complete(session, school, "staff", by=by)


def invite_colleague(
    session: Session, school_id: UUID, *, role: str, name: str, email: str, job_title: str
) -> Invited[StaffMember]:
    """Invite somebody to work with the groups of this school. Raises Refused."""
    school = lock_school(session, school_id)
    stage_rights.require(school.stage, "invite_colleague")
    is_first = role in READERS and school.stage not in UNDER_WAY
    if is_first:
        _refuse_other_name(session, school, role, name)
    try:
        return people.invite_staff(session, school, role=role, name=name, email=email, job_title=job_title)
    except NobodyCould:
        if not is_first:
            raise
        raise Refused(_why_not_alone(session, school, name)) from None


def _why_not_alone(session: Session, school: School, name: str) -> str:
    """Why whoever is to read concerns takes a second person before the school has begun."""
    staff = queries.list_staff(session, school.school_id)
    if any(one.role == "school_dsl" and plain_name(one.name) == plain_name(name) for one in staff):
        return _(
            "%(name)s is already invited to read concerns. Another person of that name takes a second person, and"
            " nobody can agree yet. If the address was wrong, cancel that invitation in the list first.",
            name=kept(name),
        )
    return _(
        "Your council has not accepted an agreement that names %(name)s, so a second person agrees first, and nobody"
        " can yet. See that their name is in “Your school and your lead”, then sign and send the agreement that is"
        " made with it. You can invite them once your council has accepted that.",
        name=kept(name),
    )


def _refuse_other_name(session: Session, school: School, role: str, name: str) -> None:
    """The first who read concerns are those whom the agreement names."""
    settled, field = named_in_agreement(session, school), READERS[role]
    if field in settled:
        words = _(
            "The signed agreement names %(named)s. Invite them by that name.", named=kept(settled[field])
        )
    else:
        words = _(
            "Your details name %(named)s. Invite them by that name, or change your details.",
            named=kept(getattr(school, field)),
        )
    named = settled.get(field) or getattr(school, field)
    if named and plain_name(named) != plain_name(name):
        raise Refused(words)


def ask_for_papers(session: Session, school_id: UUID, *, by: str) -> None:
    """Have the brief and the agreement made, for a school that has none yet. Twice asks once."""
    stage_rights.require(lock_school(session, school_id).stage, "prepare")
    there = {
        one.kind
        for one in list_documents(session, school_id, tuple(DOCUMENTS))
        if one.state != DocumentState.REFUSED
    }
    for kind, file_name in DOCUMENTS.items():
        if kind not in there:
            request_document(session, kind=kind, school_id=school_id, file_name=file_name, created_by=by)


def sign_agreement(session: Session, school_id: UUID, file: FileStorage, *, by: str) -> None:
    """Keep the signed agreement; the school moves on, whether its brief was sent from here or came another way.

    Raises UploadRefused and StorageUnavailable before anything is changed.
    """
    school = lock_school(session, school_id)
    stage_rights.require(school.stage, "prepare")
    look = partial(agreements.refuse_what_was_sent, session, school_id)
    with session.begin_nested():  # without its file the document's row must not stay
        accept_upload(
            session, kind="signed_agreement", school_id=school_id, file=file, created_by=by, look=look
        )
    record(session, AGREEMENT_UPLOADED, subject_id=school_id)
    if school.stage in UNSIGNED:
        move(session, school, SchoolStage.AGREEMENT_SIGNED, by=by, side=Side.SCHOOL)
    _complete(session, school, "agreement", by=by)


def _complete(session: Session, school: School, task: str, *, by: str) -> None:
    """Tick a task off. When it was the last, the school is set up."""
    row = session.get(SchoolTask, (school.school_id, task))
    if row is None or row.done_at is None:
        if row is None:
            row = SchoolTask(school_id=school.school_id, task=task)
            session.add(row)
        row.done_at, row.done_by = now(), by
        school.waiting_since = now()
        session.flush()
        record(session, TASK_DONE, subject_id=school.school_id, task=task)
    tasks = queries.list_tasks(session, school.school_id)
    if school.stage == SchoolStage.AGREEMENT_SIGNED and all(tasks[each] for each in TASKS):
        move(session, school, SchoolStage.SET_UP, by=by, side=Side.SCHOOL)


def add_closed_day(session: Session, school_id: UUID, *, on_date: date, reason: str) -> None:
    """Keep a day on which the school is shut. Raises Refused when it is there already."""
    try:
        with session.begin_nested():
            session.add(SchoolClosedDay(school_id=school_id, on_date=on_date, reason=reason))
            session.flush()
    except IntegrityError:
        raise Refused(_("This day is already in the list.")) from None
    record(session, CLOSED_DAY_ADDED, subject_id=school_id, on_date=on_date.isoformat())


def remove_closed_day(session: Session, school_id: UUID, closed_day_id: UUID) -> None:
    """The school is open on that day after all. Raises Refused where the day is not in the list any more."""
    row = session.get(SchoolClosedDay, (school_id, closed_day_id))
    if row is None:
        raise Refused(_("That day has already been taken out."))
    on_date = row.on_date
    session.delete(row)
    session.flush()
    record(session, CLOSED_DAY_REMOVED, subject_id=school_id, on_date=on_date.isoformat())
