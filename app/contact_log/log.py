"""What the page of a parent, and of a school, shows of the log: what is to be done, and each contact in its history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.contact_log import queries, services
from app.contact_log.models import Contact
from app.contact_log.subjects import PARENTS, SCHOOLS_OF_COUNCIL, Side, side_of
from app.contact_log.words import ENDED, HOW, LET_BE, OUTCOME, STEP
from app.identity.current import me
from app.identity.own_pages import address_of
from app.schools.contacts import Line, Logged
from app.shell.dates import clock, day, short_day
from app.shell.kept import kept
from app.shell.pressing import answered
from app.shell.today import Tone
from app.states.contacts import ActionState, How, Outcome, StepKind
from app.states.parents import ParentStage
from infra.clock import today
from tenants.together import together


def of_parent(session: Session, parent_id: UUID) -> Logged:
    """The log of a parent of the school of whoever asks, who is staff there."""
    return _log(session, PARENTS, me().own_school_id, parent_id)


def list_planned(session: Session) -> frozenset[UUID]:
    """With whom somebody has planned a next step: parents where staff ask, schools where the council does."""
    return queries.list_planned(session, side_of(me()), me())


def of_school(session: Session, school_id: UUID) -> Logged:
    """The log of a school of the council of whoever asks."""
    return _log(session, SCHOOLS_OF_COUNCIL, school_id, school_id)


def address(side: Side, what: str, subject_id: UUID, contact_id: UUID | None = None) -> str:
    """The page on which `what` is done: `note`, and of one contact `finish`, `put_off`, `change`, `take_back`."""
    named = {side.argument: subject_id} | ({"contact_id": contact_id} if contact_id else {})
    return address_of(f"contact_log.{what}_with_{side.code}", named)


def _log(session: Session, side: Side, school_id: UUID, subject_id: UUID) -> Logged:
    who = me()
    with together(session) as ask:
        noted = ask(queries.list_contacts, side, school_id, subject_id)
        here = ask(queries.list_people, side, who)
    contacts, people = noted.value, here.value
    open_ones = sorted(
        (one for one in contacts if one.state == ActionState.OPEN),
        key=lambda one: (one.due_on or date.max, one.id),
    )
    return Logged(
        [line for one in contacts for line in _lines(one, people)],
        {
            "note": address(side, "note", subject_id),
            "is_begun": bool(contacts),
            "open": [_open(side, subject_id, one, people) for one in open_ones],
            "mine": [
                {
                    "text": _what(one),
                    "time": clock(one.at),
                    "take_back": address(side, "take_back", subject_id, one.id),
                    "shown": (*one.planned, one.state),
                }
                for one in contacts
                if services.may_take_back(one, who)
            ],
        },
    )


def _open(side: Side, subject_id: UUID, one: Contact, people: dict[UUID, str]) -> dict[str, Any]:
    due_on = answered(one.due_on)
    owner = people.get(one.owner_id) if one.owner_id else None
    return {
        "action": one.action,
        "by": _("by %(day)s, %(name)s", day=short_day(due_on), name=owner)
        if owner
        else _("by %(day)s. Whoever had it has left.", day=short_day(due_on)),
        "tag": due_tag(due_on),
        "shown": one.planned,
        **{what: address(side, what, subject_id, one.id) for what in ("finish", "put_off", "change")},
    }


@dataclass(frozen=True, slots=True)
class Tag:
    """Two words beside a day, and their colour."""

    text: str
    kind: Tone


def due_tag(due_on: date) -> Tag:
    """Whether a day is past, has come, or is to come."""
    if due_on < today():
        return Tag(_("Overdue"), "attention")
    return Tag(_("Today"), "waiting") if due_on == today() else Tag("", "quiet")


def _what(one: Contact) -> str:
    """`Phone call: no answer`, with whom where that was noted."""
    words = f"{HOW[How(one.how)]}: {OUTCOME[Outcome(one.outcome)]}"
    with_name = getattr(one, "with_name", "")
    return f"{words} ({kept(with_name)})" if with_name else words


def _lines(one: Contact, people: dict[UUID, str]) -> Iterator[Line]:
    """The contact, and each thing that became of its next step."""
    first = one.steps[0]["before"] if one.steps else one.action
    yield Line(one.at, _what(one), one.by_name, _("Next: %(what)s", what=first) if first else "")
    for step in one.steps:
        words = STEP[StepKind(step["kind"])] % {
            "day": day(date.fromisoformat(step["due_on"])),
            "what": step["action"],
        }
        yield Line(datetime.fromisoformat(step["at"]), words, step["by"])
    if one.ended_at and one.state:
        because = getattr(one, "closed_because", None)
        yield Line(
            one.ended_at,
            ENDED[ActionState(one.state)] % {"what": one.action},
            one.ended_by_name,
            str(LET_BE[ParentStage(because)]) if because else "",
        )
