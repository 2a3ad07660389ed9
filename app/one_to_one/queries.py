"""Calls that parents ask for, as each of those concerned may read them; the database shows them no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Date, Select, String, Uuid, bindparam, column, select, text
from sqlalchemy.orm import Session

from app.calendar.school_year import bank_holidays
from app.identity.websession import Identity
from app.one_to_one.models import CallRequest
from app.programme.numbers import CALL_WITHIN
from app.recruitment.published import CONTACTS
from app.recruitment.queries import get_contact, get_parent, list_contacts
from app.schools.models import School
from app.schools.queries import get_school
from app.schools.year_queries import get_shut_days
from app.shell.errors import NotFound
from app.states.calls import WAITING, CallState
from app.states.parents import DO_NOT_WRITE
from app.states.schools import UNDER_WAY
from infra.clock import now, today
from tenants.pages import Part, looked, own_part
from tenants.reading import read_once
from tenants.together import together

#: How long what is over stands on the page of who called, and of the parent.
SHOWN_FOR = timedelta(days=28)
SATURDAY, LATEST = 5, 119

_WHOM = text("select cohort_id, facilitator_id, name from app.whom_i_may_ask()")
_MAKERS = text("select app.call_makers() makers").columns(column("makers", ARRAY(Uuid)))
_OF_SCHOOL = text("select need, tens from app.calls_in_tens()")
_OF_COUNCIL = text("select need, tens from app.calls_of_council()")
_LATE_LED = text("select caller_name, calls, since from app.late_calls_of_leaders()").columns(
    column("caller_name", String), column("calls", BigInteger), column("since", Date)
)
_MINE = (
    select(CallRequest)
    .where(CallRequest.school_id == bindparam("school_id"), CallRequest.parent_id == bindparam("parent_id"))
    .order_by(CallRequest.asked_at.desc(), CallRequest.id)
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who leads this parent's group, by the first name under which they know them."""

    facilitator_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LateCalls:
    """How many calls of somebody who leads are late, and since when: neither whose they are nor what about."""

    caller_name: str
    calls: int
    since: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A call to make: who asked, by the name and number of today."""

    request: CallRequest
    name: str
    phone: str
    language: str
    interpreter: bool


def call_by_day(session: Session, authority_id: UUID, school_id: UUID, *, within: int = CALL_WITHIN) -> date:
    """The day by which somebody calls who is asked today: so many days on which the school is open."""
    shut = get_shut_days(session, authority_id, school_id)
    days = (today() + timedelta(days=n) for n in range(1, LATEST))
    open_days = (
        day
        for day in days
        if day.weekday() < SATURDAY and day not in shut and day not in bank_holidays(day.year)
    )
    for number, day in enumerate(open_days, start=1):
        if number == within:
            return day
    return today() + timedelta(days=LATEST)


# ---- the parent


@read_once
def list_mine(session: Session, school_id: UUID, parent_id: UUID) -> Sequence[CallRequest]:
    """What this parent asked for and waits for, then what was over in the last weeks; the newest first."""
    return _lately(session.scalars(_MINE, {"school_id": school_id, "parent_id": parent_id}).all())


def _lately(found: Sequence[CallRequest]) -> Sequence[CallRequest]:
    since = now() - SHOWN_FOR
    return [one for one in found if one.ended_at is None or one.ended_at > since]


_as_requests = looked(CallRequest)
#: What a parent's home reads ahead.
MINE = own_part(list_mine, _MINE, lambda rows: _lately(_as_requests(rows)))


@read_once
def list_callers(session: Session) -> list[Caller]:
    """Who of those who lead the parent's group may be asked by them."""
    found: dict[UUID, Caller] = {}
    for row in session.execute(_WHOM):
        found.setdefault(row.facilitator_id, Caller(row.facilitator_id, row.name))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class MyPage:
    """What the page of a parent shows."""

    requests: Sequence[CallRequest]
    callers: list[Caller]
    school: School
    phone: str
    #: Whether they may ask at all: their school takes part, and they did not say no.
    may_ask: bool
    call_by: date

    @property
    def leading(self) -> set[UUID]:
        """Who leads their group now."""
        return {one.facilitator_id for one in self.callers}

    @property
    def asked(self) -> set[UUID | None]:
        """Who has a wish of theirs that is not over; None stands for the school."""
        return {one.facilitator_id for one in self.requests if is_waiting(one)}

    @property
    def may_go_to_school(self) -> bool:
        """Whether the school's contact can take over a call: there is one, whom they have not asked already."""
        return bool(self.may_ask and self.school.contact_name and None not in self.asked)


def read_my_page(session: Session, who: Identity) -> MyPage:
    """All of it, asked for together."""
    own = who.own_school_id, who.person_id
    with together(session) as ask:
        requests = ask(list_mine, *own)
        callers = ask(list_callers)
        contact = ask(get_contact, *own)
        parent = ask(get_parent, *own)
        school = ask(get_school, who.own_school_id)
        by_day = ask(call_by_day, who.authority_id, who.own_school_id)
    may_ask = school.value.stage in UNDER_WAY and parent.value.stage not in DO_NOT_WRITE
    return MyPage(requests.value, callers.value, school.value, contact.value.phone, may_ask, by_day.value)


def get_mine(
    session: Session, school_id: UUID, parent_id: UUID, call_id: UUID, *, hold: bool = False
) -> CallRequest:
    """One of this parent's own, held where it is to be changed. Raises NotFound."""
    asked = select(CallRequest).where(
        CallRequest.school_id == school_id, CallRequest.parent_id == parent_id, CallRequest.id == call_id
    )
    return _get(session, asked, hold=hold)


# ---- whoever is asked


@read_once
def list_asked(session: Session, school_id: UUID) -> Sequence[CallRequest]:
    """What this audience is asked for: of staff their school's, of who leads their own; the first due first."""
    return session.scalars(
        select(CallRequest)
        .where(CallRequest.school_id == school_id)
        .order_by(CallRequest.ended_at.desc().nulls_first(), CallRequest.call_by, CallRequest.id)
    ).all()


@dataclass(frozen=True, slots=True)
class ToCall:
    """A call that somebody is to make, as a home names it."""

    id: UUID
    owner_id: UUID | None
    call_by: date
    try_on: date | None
    tries: int
    name: str

    @property
    def due_on(self) -> date:
        return self.try_on or self.call_by


_TO_CALL = (
    select(
        CallRequest.id,
        CallRequest.owner_id,
        CallRequest.call_by,
        CallRequest.try_on,
        CallRequest.tries,
        CONTACTS.c.name,
    )
    .join(
        CONTACTS,
        (CONTACTS.c.school_id == CallRequest.school_id) & (CONTACTS.c.parent_id == CallRequest.parent_id),
    )
    .where(CallRequest.school_id == bindparam("school_id"), CallRequest.state == CallState.OPEN)
    .order_by(CallRequest.call_by, CallRequest.id)
)


@read_once
def list_to_call(session: Session, school_id: UUID) -> list[ToCall]:
    """Whom this audience is to call: of staff those who ask the school, of who leads their own."""
    return _as_to_call(session.execute(_TO_CALL, {"school_id": school_id}).all())


def _as_to_call(rows: Sequence[Any]) -> list[ToCall]:
    return [ToCall(*row) for row in rows]


def with_names(session: Session, school_id: UUID, requests: Sequence[CallRequest]) -> list[Asked]:
    """These calls with the names and numbers of those who asked; without who is not shown any more."""
    contacts = list_contacts(session, school_id, [one.parent_id for one in requests])
    return [
        Asked(
            request=one,
            name=contacts[one.parent_id].known_as or contacts[one.parent_id].name,
            phone=contacts[one.parent_id].phone,
            language=contacts[one.parent_id].language,
            interpreter=contacts[one.parent_id].interpreter,
        )
        for one in requests
        if one.parent_id in contacts
    ]


def get_asked(session: Session, school_id: UUID, call_id: UUID, *, hold: bool = False) -> CallRequest:
    """One that this audience is asked for, held where it is to be changed. Raises NotFound."""
    asked = select(CallRequest).where(CallRequest.school_id == school_id, CallRequest.id == call_id)
    return _get(session, asked, hold=hold)


def _get(session: Session, asked: Select[CallRequest], *, hold: bool) -> CallRequest:
    fresh = asked.execution_options(populate_existing=True)
    found = session.scalar(fresh.with_for_update(key_share=True) if hold else asked)
    if found is None and hold:
        # What is over nobody can hold.
        found = session.scalar(fresh)
    if found is None:
        raise NotFound
    return found


@read_once
def list_makers(session: Session) -> list[UUID]:
    """Who of the school's people makes its calls: the named contact, where they work here; else whoever leads."""
    return _as_makers(session.execute(_MAKERS).all())


def _as_makers(rows: Sequence[Any]) -> list[UUID]:
    return list(rows[0].makers or []) if rows else []


@read_once
def list_late_led(session: Session) -> list[LateCalls]:
    """Calls of those who lead groups whose day is past."""
    return _as_late(session.execute(_LATE_LED).all())


def _as_late(rows: Sequence[Any]) -> list[LateCalls]:
    return [LateCalls(*row) for row in rows]


#: What a school's home reads ahead.
PARTS_OF_SCHOOL = (
    Part(list_to_call, _TO_CALL, takes=("school_id",), answer=_as_to_call),
    Part(list_makers, _MAKERS, answer=_as_makers),
    Part(list_late_led, _LATE_LED, answer=_as_late),
)


@dataclass(frozen=True, slots=True)
class Tens:
    """How many calls were about one need: so many full tens, of those that were over weeks ago."""

    need: str
    tens: int


def list_of_school_in_tens(session: Session) -> list[Tens]:
    """Of this school; a need with fewer than ten is not there."""
    return [Tens(*row) for row in session.execute(_OF_SCHOOL)]


def list_of_council_in_tens(session: Session) -> list[Tens]:
    """Of all schools of this council together, where three or more of them have any."""
    return [Tens(*row) for row in session.execute(_OF_COUNCIL)]


def is_waiting(request: CallRequest) -> bool:
    """Whether it is not over."""
    return request.state in WAITING


def is_open(request: CallRequest) -> bool:
    """Whether somebody is to call."""
    return request.state == CallState.OPEN


def read_asked(session: Session, school_id: UUID) -> tuple[list[Asked], list[Asked]]:
    """What waits for this audience, and what was over in the last weeks."""
    requests = list_asked(session, school_id)
    lately = now() - SHOWN_FOR
    shown = with_names(session, school_id, requests)
    waiting = [one for one in shown if is_waiting(one.request)]
    over = [one for one in shown if one.request.ended_at and one.request.ended_at > lately]
    return waiting, over
