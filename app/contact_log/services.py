"""Verbs of the contact log: note a contact, and do, put off, change or take back what was planned with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.contact_log import queries
from app.contact_log.models import Contact
from app.contact_log.subjects import Subject
from app.contact_log.words import check_due
from app.identity.websession import Identity
from app.shell.dates import day
from app.shell.kept import kept
from app.shell.pressing import answered
from app.shell.refusals import Refused
from app.states.contacts import ActionState, StepKind
from infra.clock import LONDON, now, today
from infra.ids import new_id

NOTED = define("contact_log:contact:noted", keys=("how", "outcome", "is_planned"))
TAKEN_BACK = define("contact_log:contact:taken_back")
DONE = define("contact_log:step:done")
PUT_OFF = define("contact_log:step:put_off", keys=("until",))
CHANGED = define("contact_log:step:changed", keys=("until",))


class OverAlready(Refused):
    """Pressed twice, or by two: the first press counted."""

    leads_on = True


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the form says of a contact; `details`: columns that one side has alone."""

    how: str
    outcome: str
    at: datetime
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The next step: what, by when, by whom."""

    action: str
    due_on: date
    owner_id: UUID


def note(session: Session, subject: Subject, spoken: Spoken, plan: Plan | None, who: Identity) -> None:
    """Write down a contact, with what comes next. Raises Refused; OverAlready where the same is noted already.

    The subject is held, so that nothing is planned with somebody who says no at this moment.
    """
    if spoken.at > now():
        raise Refused(_("That is still to come. Enter when you were in touch."), "on")
    if spoken.at < subject.since.replace(second=0, microsecond=0):
        raise Refused(
            _(
                "%(name)s is on your list since %(day)s. Enter a time after that.",
                name=kept(subject.name),
                day=day(subject.since),
            ),
            "on",
        )
    if plan:
        _check(session, subject, plan, who)
    table = subject.side.table
    made = {
        "school_id": subject.school_id,
        "how": spoken.how,
        "outcome": spoken.outcome,
        "at": spoken.at,
        "by_id": who.person_id,
        **_columns(plan),
        **spoken.details,
    }
    same = select(table.id).filter_by(**made).where(table.subject_id == subject.id)
    if session.execute(same.limit(1)).first():
        raise OverAlready(_("This has already been noted. Nothing was noted twice."))
    session.add(table(id=new_id(), subject_id=subject.id, by_name=who.name, **made))
    record(
        session,
        NOTED,
        subject_id=subject.id,
        how=spoken.how,
        outcome=spoken.outcome,
        is_planned=plan is not None,
    )
    session.flush()


def finish(session: Session, subject: Subject, contact_id: UUID, who: Identity) -> None:
    """The next step is done. Raises OverAlready."""
    contact = _get_open(session, subject, contact_id)
    contact.state, contact.ended_at, contact.ended_by_name = ActionState.DONE, now(), who.name
    record(session, DONE, subject_id=subject.id)
    session.flush()


def put_off(session: Session, subject: Subject, contact_id: UUID, due_on: date, who: Identity) -> None:
    """The next step comes on another day. Raises Refused, OverAlready."""
    contact = _get_open(session, subject, contact_id)
    check_due(due_on, "due_on")
    if contact.due_on == due_on:
        return
    plan = Plan(contact.action, due_on, answered(contact.owner_id))
    _replan(contact, StepKind.LATER, plan, who)
    record(session, PUT_OFF, subject_id=subject.id, until=due_on.isoformat())
    session.flush()


def change(session: Session, subject: Subject, contact_id: UUID, plan: Plan, who: Identity) -> None:
    """The next step is another, or another's. Raises Refused, OverAlready."""
    contact = _get_open(session, subject, contact_id)
    if _columns(plan) == {name: getattr(contact, name) for name in _columns(plan)}:
        return
    if plan.due_on != contact.due_on:
        check_due(plan.due_on, "due_on")
    if plan.owner_id != contact.owner_id:
        _check_owner(session, subject, plan, who)
    _replan(contact, StepKind.CHANGED, plan, who)
    record(session, CHANGED, subject_id=subject.id, until=plan.due_on.isoformat())
    session.flush()


def take_back(session: Session, subject: Subject, contact_id: UUID, who: Identity) -> None:
    """Take out what was noted by mistake: by who noted it, on the same day. Raises Refused."""
    contact = queries.get_contact(session, subject, contact_id, hold=True)
    if not may_take_back(contact, who):
        raise Refused(_("Only the person who noted it can take it back, on the same day."))
    session.delete(contact)
    record(session, TAKEN_BACK, subject_id=subject.id)
    session.flush()


def may_take_back(contact: Contact, who: Identity) -> bool:
    """Whether this is theirs, of today."""
    return contact.by_id == who.person_id and contact.noted_at.astimezone(LONDON).date() == today()


def why_over(subject: Subject, contact: Contact) -> str:
    """Why nothing is to be done about the next step any more; empty where it is open."""
    match contact.state:
        case ActionState.OPEN:
            return ""
        case ActionState.DONE:
            return _("%(name)s has already done this.", name=kept(contact.ended_by_name))
    return subject.let_be or _("This no longer needs doing.")


def _get_open(session: Session, subject: Subject, contact_id: UUID) -> Contact:
    """A contact whose next step is to be done, held. Raises OverAlready."""
    contact: Contact = queries.get_contact(session, subject, contact_id, hold=True)
    if words := why_over(subject, contact):
        raise OverAlready(words)
    return contact


def _columns(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {"action": "", "due_on": None, "owner_id": None, "state": None}
    return {
        "action": plan.action,
        "due_on": plan.due_on,
        "owner_id": plan.owner_id,
        "state": ActionState.OPEN,
    }


def _check(session: Session, subject: Subject, plan: Plan, who: Identity) -> None:
    if subject.let_be:
        raise Refused(_("%(why)s Empty this box to save the rest.", why=subject.let_be), "action")
    check_due(plan.due_on, "due_on")
    _check_owner(session, subject, plan, who)


def _check_owner(session: Session, subject: Subject, plan: Plan, who: Identity) -> None:
    if plan.owner_id not in queries.list_people(session, subject.side, who):
        raise Refused(_("They have left since. Choose somebody who works here."), "owner_id")


def _replan(contact: Contact, kind: StepKind, plan: Plan, who: Identity) -> None:
    """Put `plan` in the place of what was planned, and keep with the contact who did, and when."""
    step = {
        "kind": kind,
        "before": contact.action,
        "action": plan.action,
        "due_on": plan.due_on.isoformat(),
        "by": who.name,
        "at": now().isoformat(),
    }
    # Another list, so that the change is seen.
    contact.steps = [*contact.steps, step]
    contact.action, contact.due_on, contact.owner_id = plan.action, plan.due_on, plan.owner_id
