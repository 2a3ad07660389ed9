"""The room companion: what a phone needs to lead tonight's session, with a signal or without, and what it sends back.

A phone keeps first names, marks, who cannot come and the plan while there is no signal (`assets/room-store.js`),
sealed, until twelve hours after the meeting. What people need is shown while the service answers, and not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cohorts import timetable
from app.cohorts.leader_queries import get_led_cohort, get_led_session
from app.cohorts.models import CohortSession
from app.cohorts.queries import list_sessions
from app.cohorts.times import begins_at, ends_at, has_begun
from app.facilitators import queries as facilitators
from app.meetings import queries
from app.meetings.attendance import MARKS, Marked
from app.meetings.due import can_reopen, reopen_until
from app.meetings.marking import take_register, why_no_register
from app.meetings.queries import Member
from app.meetings.reflections import Reflection, find_mine, look_back, say_rules, why_no_look_back
from app.meetings.register import Register, open_register
from app.meetings.view import agenda
from app.shell.dates import clock, day
from app.shell.parsing import given_name
from app.shell.refusals import Refused
from app.states.facilitators import FacilitatorKind
from app.states.groups import Part, SessionState
from infra.clock import LONDON, now
from tenants.together import together

#: How long after its end a session may stay on a phone.
KEPT_FOR = timedelta(hours=12)
#: More than any group has; what sends more was not made by our page.
MOST_MARKS = 60
#: The part of the plan that has prompts.
AT_HOME = list(Part).index(Part.HOME)


class NotFromTheRoom(ValueError):
    """What arrived was not made by the page of the room."""


@dataclass(frozen=True, slots=True)
class FromTheRoom:
    """What one phone has collected: marks by parent, the rules said or not, a look back or none."""

    marks: Mapping[UUID, Marked]
    #: None: nothing was ticked, or taken back.
    rules_said: bool | None = None
    reflection: Reflection | None = None

    @classmethod
    def read(cls, sent: object) -> FromTheRoom:
        """Read `{"marks": [{"of", "saw", "chosen"}], "rules": bool | None, "reflection": {...} | None}`.

        Raises NotFromTheRoom for anything else.
        """
        if not isinstance(sent, dict):
            raise NotFromTheRoom
        marks, reflection, rules = sent.get("marks", []), sent.get("reflection"), sent.get("rules")
        if not isinstance(marks, list) or len(marks) > MOST_MARKS or rules not in (None, True, False):
            raise NotFromTheRoom
        return cls(
            marks=dict(map(_read_mark, marks)),
            rules_said=None if rules is None else bool(rules),
            reflection=None if reflection is None else _read_reflection(reflection),
        )


@dataclass(frozen=True, slots=True)
class Received:
    """What became of it: marks that somebody else set differently meanwhile, and why a part of it was refused."""

    others: Mapping[UUID, str]
    refused: Mapping[str, str]


def receive(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID, sent: FromTheRoom
) -> Received:
    """Keep what a phone has collected, each part by itself; sent again it changes nothing more. Raises NotLed."""
    where = (session, school_id, facilitator_id, session_id)
    get_led_session(*where)
    others: Mapping[UUID, str] = {}
    refused: dict[str, str] = {}
    if sent.marks:
        with _refusals(refused, "marks"):
            others = take_register(*where, sent.marks)
    if sent.rules_said is not None:
        with _refusals(refused, "rules"):
            say_rules(*where, said=sent.rules_said)
    if sent.reflection:
        with _refusals(refused, "reflection"):
            look_back(*where, sent.reflection)
    return Received(others, refused)


@contextmanager
def _refusals(refused: dict[str, str], part: str) -> Iterator[None]:
    """Notes why a part was refused; its service raises before it writes, so the others go on."""
    try:
        yield
    except Refused as no:
        refused[part] = str(no.words)


def state_of_room(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID
) -> dict[str, Any]:
    """Everything that the page of the room shows, ready for JSON. Raises NotLed."""
    with together(session) as ask:
        led = ask(get_led_session, school_id, facilitator_id, session_id)
        notices = ask(queries.list_notices, school_id, session_id)
        own = ask(facilitators.get_facilitator, school_id, facilitator_id)
        noted = ask(find_mine, school_id, facilitator_id, session_id)
    one, mine = led.value, noted.value
    with together(session) as ask:
        people = ask(open_register, school_id, one)
        meetings = ask(list_sessions, school_id, one.cohort_id)
        group = ask(get_led_cohort, school_id, facilitator_id, one.cohort_id)
    coming = [
        other.on_date
        for other in meetings.value
        if other.state == SessionState.PLANNED and other.on_date > one.on_date
    ]
    leader = own.value
    plan = agenda(
        one,
        name=given_name(leader.name),
        is_parent=leader.kind == FacilitatorKind.GRADUATE,
        next_on=coming[0] if coming else None,
        html={},
    )
    names = _names(people.value)
    return {
        "where": _(
            "%(group)s · Session %(n)s · %(day)s", group=group.value.name, n=one.number, day=day(one.on_date)
        )
        + (f" · {one.room}" if one.room else ""),
        "clock": _milliseconds(now()),
        "begins": _milliseconds(begins_at(one)),
        "keepFrom": _milliseconds(datetime.combine(one.on_date, time.min, LONDON)),
        "until": _milliseconds(ends_at(one) + KEPT_FOR),
        "whyNot": _why_not(one),
        "people": list(_people(people.value, names, notices.value)),
        "needs": [
            {"name": name, "text": needs_of(member)}
            for member, name in zip(people.value.people, names, strict=True)
            if member.needs_help
        ],
        "parts": [
            {key: str(part[key]) for key in ("title", "text", "say", "check") if part.get(key)}
            | {"minutes": part["minutes"] if isinstance(part["minutes"], int) else 0}
            | {"prompts": [str(prompt) for prompt in timetable.prompts_of(one)] if at == AT_HOME else []}
            for at, part in enumerate(plan)
        ],
        # Before it has begun the phone says so itself, by the clock.
        "whyNoLookBack": why_no_look_back(one) if has_begun(one) or one.state != SessionState.PLANNED else "",
        "rules": bool(mine and mine.rules_said_at),
        "reflection": {"parts": mine.parts, "times": mine.times, "turns": mine.turns}
        if mine and mine.looked_back_at
        else None,
    }


def _why_not(one: CohortSession) -> str:
    """Why the register takes no marks, and for a closed session who can change that."""
    why = why_no_register(one)
    if one.state != SessionState.CLOSED:
        return why
    until = reopen_until(one)
    if until is not None and can_reopen(one):
        return f"{why} " + _(
            "Whoever leads can open it again until %(time)s, on the page of this session.", time=clock(until)
        )
    return f"{why} " + _("If something in it is wrong, tell your person at school.")


def needs_of(member: Member) -> str:
    """What is to be had ready for somebody."""
    needs = (_("an interpreter") if member.interpreter else "", member.access_needs)
    return ", ".join(filter(None, needs))


def _names(register: Register) -> list[str]:
    return told_apart([(member.known_as, member.name) for member in register.people])


def _people(register: Register, names: Sequence[str], away: set[UUID]) -> Iterator[dict[str, Any]]:
    for member, name in zip(register.people, names, strict=True):
        yield {
            "of": member.parent_id.hex,
            "name": name,
            "mark": register.marks.get(member.parent_id, ""),
            "away": member.parent_id in away,
        }


def told_apart(people: Sequence[tuple[str, str]]) -> list[str]:
    """First names, of `(first, whole)`; where two share one, with as many letters of the last name as they need."""
    names: list[str] = []
    for first, whole in people:
        rivals = [last_of(other) for known, other in people if known.casefold() == first.casefold()]
        last = last_of(whole)
        letters = next(
            (n for n in range(1, len(last)) if sum(rival.startswith(last[:n]) for rival in rivals) == 1),
            len(last),
        )
        name = first if len(rivals) == 1 else f"{first} {last[:letters]}{'.' if letters < len(last) else ''}"
        # Two of one whole name: told apart by their order, which is that of the register.
        again = sum(earlier == name or earlier.startswith(f"{name} (") for earlier in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names


def last_of(whole: str) -> str:
    """The last word of a name."""
    return whole.split()[-1] if whole.split() else ""


def _milliseconds(moment: datetime) -> int:
    """As JavaScript counts time."""
    return int(moment.timestamp() * 1000)


def _read_mark(sent: object) -> tuple[UUID, Marked]:
    if not isinstance(sent, dict):
        raise NotFromTheRoom
    of, saw, chosen = (sent.get(key) for key in ("of", "saw", "chosen"))
    if not isinstance(of, str) or any(mark != "" and mark not in MARKS for mark in (saw, chosen)):
        raise NotFromTheRoom
    try:
        return UUID(of), Marked(str(saw), str(chosen))
    except ValueError:
        raise NotFromTheRoom from None


def _read_reflection(sent: object) -> Reflection:
    if not isinstance(sent, dict) or not isinstance(sent.get("parts"), list):
        raise NotFromTheRoom
    words = (*sent["parts"], sent.get("times"), sent.get("turns"))
    if len(words) > 10 or not all(isinstance(word, str) for word in words):
        raise NotFromTheRoom
    found = Reflection(tuple(sent["parts"]), sent["times"], sent["turns"])
    if not found.is_whole:
        raise NotFromTheRoom
    return found
