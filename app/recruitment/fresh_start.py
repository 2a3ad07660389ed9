"""A fresh start for a parent who has lost every way in: one of the staff asks, another agrees, and a day goes by.

The database holds the rules (`migrations/sql/identity/`): who may agree, who is told, when it opens, what stays shut.
Here they are called, and what happened is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import has_request_context
from sqlalchemy import ARRAY, Boolean, DateTime, String, Uuid, bindparam, column, func, select, text
from sqlalchemy.orm import Session, scoped_session

from app.audit.trail import define, record
from app.messages.services import ring_bell
from app.schools.published import STAFF
from app.shell.edge import after_commit
from app.shell.kept import kept
from app.shell.parsing import either
from app.states.messages import Channel
from infra.ids import new_id
from tenants.pages import Part
from tenants.reading import read_once

ASK = text("select identity.ask_fresh_start(:id, :role, :person, :channel, :address, :met_on, :by_name)")
# Whom to tell and who acts the database finds itself; the arguments are of a release before.
AGREE = text("select identity.agree_fresh_start(:id, :outbox_id, '{}', :by_name)")
SILENCE = text("select identity.silence_fresh_start(:id, :reason, :by_name)")
TAKE_BACK = text("select identity.take_back_fresh_start(:id, :by_name)")
LOOKED = text("select identity.look_into_stop(:id, :by_name)")
ERASE = text("select identity.erase_sealed()")

ASKED = define("recruitment:fresh_start:asked")
AGREED = define("recruitment:fresh_start:agreed")
SILENCED = define("recruitment:fresh_start:silenced")
TAKEN_BACK = define("recruitment:fresh_start:taken_back")
LOOKED_INTO = define("recruitment:fresh_start:looked_into")
#: Written by the database, for whoever stops it is nobody whose pages these are.
STOPPED = define("recruitment:fresh_start:stopped")
REFUSED = define("recruitment:fresh_start:refused")
ERASED = define("recruitment:sealed:erased", keys=("count",))

_LATEST = text(
    "select id, person_id, channel, address, met_on, asked_by, asked_by_name, asked_at, agreed_by_name, agreed_at,"
    " opens_at, is_silent, ended_at, ended, ended_by_name, stopped_from, looked_at, looked_by_name,"
    " (select max(b.ended_at) from fresh_start b where b.school_id = :school and b.person_id = :person"
    " and b.ended = 'stopped' and b.id <> f.id and b.asked_at < f.asked_at) stopped_before"
    " from fresh_start f where school_id = :school and person_id = :person order by asked_at desc limit 1"
)
_STOPPED = text(
    "select f.id, f.person_id, f.stopped_from, f.ended_at, s.may_settle, c.first_name, c.last_name"
    " from identity.stopped_starts() s join fresh_start f on f.school_id = :school and f.id = s.fresh_start_id"
    " join parent_contact c on c.school_id = f.school_id and c.parent_id = f.person_id"
    " where f.role = 'parent' order by f.ended_at limit 5"
).columns(
    column("id", Uuid),
    column("person_id", Uuid),
    column("stopped_from", String),
    column("ended_at", DateTime),
    column("may_settle", Boolean),
    column("first_name", String),
    column("last_name", String),
)
_FOR_ME = text(
    "select f.person_id, f.asked_by_name, c.first_name, c.last_name from fresh_start f"
    " join parent_contact c on c.school_id = f.school_id and c.parent_id = f.person_id"
    " where f.school_id = :school and f.role = 'parent' and f.ended_at is null and f.agreed_at is null"
    " and f.id in (select s.fresh_start_id from identity.fresh_start_seconds() s where s.person_id = :me)"
    " order by f.asked_at limit 5"
).columns(
    column("person_id", Uuid),
    *(column(name, String) for name in ("asked_by_name", "first_name", "last_name")),
)
_MAY_SECOND = (
    text("select fresh_start_id, person_id from identity.fresh_start_seconds()")
    .columns(column("fresh_start_id", Uuid), column("person_id", Uuid))
    .subquery("second")
)
_SECONDS = (
    select(STAFF.c.id, STAFF.c.name)
    .join(_MAY_SECOND, _MAY_SECOND.c.person_id == STAFF.c.id)
    .where(STAFF.c.school_id == bindparam("school"), _MAY_SECOND.c.fresh_start_id == bindparam("id"))
    .order_by(STAFF.c.name, STAFF.c.id)
)
#: One row, always, for whatever else is read in the same trip.
OWN = select(
    func.identity.my_wait(type_=DateTime()).label("waits_until"),
    func.identity.my_wait_is_told(type_=Boolean()).label("may_say"),
    func.identity.my_sealed(type_=ARRAY(String)).label("sealed"),
).subquery("own")

_OWN = select(OWN)

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True, slots=True)
class FreshStart:
    """The latest one of a parent, as staff see it."""

    id: UUID
    person_id: UUID
    channel: str
    address: str
    met_on: date
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    agreed_by_name: str
    agreed_at: datetime | None
    opens_at: datetime | None
    is_silent: bool
    ended_at: datetime | None
    ended: str | None
    ended_by_name: str
    #: "old_address" or "new_address", where it was stopped; empty otherwise.
    stopped_from: str
    looked_at: datetime | None
    looked_by_name: str
    #: When one before it was stopped.
    stopped_before: datetime | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """One that was stopped and that nobody has looked into, for those whom it concerns."""

    id: UUID
    person_id: UUID
    stopped_from: str
    ended_at: datetime
    #: Whether the reader may say that it was looked into: never who asked for it, nor who agreed while another can.
    may_settle: bool
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@read_once
def find(session: AnySession, school_id: UUID, parent_id: UUID) -> FreshStart | None:
    """The latest fresh start of this parent, under way or over."""
    row = session.execute(_LATEST, {"school": school_id, "person": parent_id}).one_or_none()
    return FreshStart(*row) if row else None


@dataclass(frozen=True, slots=True)
class Seconds:
    """Who may agree to a fresh start: whether the reader may, and everybody in words, *Ada or Bo*; empty for nobody."""

    me: bool
    names: str


def find_seconds(session: AnySession, start: FreshStart, school_id: UUID, me: UUID) -> Seconds:
    """Who may agree to this one now; nobody once it is agreed or over."""
    rows = session.execute(_SECONDS, {"school": school_id, "id": start.id}).all()
    return Seconds(any(row.id == me for row in rows), either([kept(row.name) for row in rows]))


@read_once
def list_for(session: AnySession, school_id: UUID, me: UUID) -> list[tuple[UUID, str, str]]:
    """Those to which this member of staff may agree: the parent, their name, who asked."""
    return _as_asked(session.execute(_FOR_ME, {"school": school_id, "me": me}).all())


def _as_asked(rows: Sequence[Any]) -> list[tuple[UUID, str, str]]:
    return [(row.person_id, f"{row.first_name} {row.last_name}".strip(), row.asked_by_name) for row in rows]


FOR_ME = Part(
    list_for,
    _FOR_ME,
    takes=("school_id", "person_id"),
    names={"school": "school_id", "me": "person_id"},
    answer=_as_asked,
)


def ask(
    session: AnySession,
    school_id: UUID,
    parent_id: UUID,
    channel: Channel,
    address: str,
    met_on: date,
    by_name: str,
) -> str:
    """Ask for one: "asked"; or "no_account", "not_met", "same_address", "under_way", and nothing was done."""
    values = {"role": "parent", "person": parent_id, "channel": channel.value, "address": address}
    outcome: str = session.execute(
        ASK, {"id": new_id(), **values, "met_on": met_on, "by_name": by_name}
    ).scalar_one()
    if outcome == "asked":
        record(session, ASKED, subject_id=parent_id)
    return outcome


def agree(session: AnySession, start: FreshStart, by_name: str) -> str:
    """Agree to it: "agreed"; "not_you" for whoever may not; "over" when it is."""
    outcome: str = session.execute(
        AGREE,
        {
            "id": start.id,
            "outbox_id": new_id(),
            "by_name": by_name,
        },
    ).scalar_one()
    if outcome == "agreed":
        record(session, AGREED, subject_id=start.person_id)
        if has_request_context():
            after_commit(ring_bell)
    return outcome


def silence(session: AnySession, start: FreshStart, reason: str, by_name: str) -> bool:
    """Leave out notice and veto, for the safeguarding lead and a reason that they alone read. False: too late."""
    done: bool = session.execute(SILENCE, {"id": start.id, "reason": reason, "by_name": by_name}).scalar_one()
    if done:
        record(session, SILENCED, subject_id=start.person_id)
    return done


def take_back(session: AnySession, start: FreshStart, by_name: str) -> bool:
    """End it before it opens. False when it is over."""
    done: bool = session.execute(TAKE_BACK, {"id": start.id, "by_name": by_name}).scalar_one()
    if done:
        record(session, TAKEN_BACK, subject_id=start.person_id)
    return done


@read_once
def list_stopped(session: AnySession, school_id: UUID) -> list[Stopped]:
    """Those that were stopped and wait for somebody to look into it; of the reader's own doing or care alone."""
    return _as_stopped(session.execute(_STOPPED, {"school": school_id}).all())


def _as_stopped(rows: Sequence[Any]) -> list[Stopped]:
    return [Stopped(*row) for row in rows]


STOPPED_ONES = Part(
    list_stopped, _STOPPED, takes=("school_id",), names={"school": "school_id"}, answer=_as_stopped
)


def look_into(session: AnySession, start: FreshStart, by_name: str) -> bool:
    """Note that somebody looked into one that was stopped. False for who asked for it, and when it was noted."""
    done: bool = session.execute(LOOKED, {"id": start.id, "by_name": by_name}).scalar_one()
    if done:
        record(session, LOOKED_INTO, subject_id=start.person_id)
    return done


@dataclass(frozen=True, slots=True)
class Own:
    """What a fresh start shuts before the parent whose session this is."""

    #: Until when they are not shown where and when their group meets; None when they are.
    waits_until: datetime | None
    #: Whether they may read why: never at an old way in, where the old addresses are not to be told.
    may_say: bool
    #: Kinds of what they wrote before: `before:` and `after:` with a group's id or none, `topic_votes` and
    #: `offers_to_lead`.
    sealed: frozenset[str]

    def has_sealed_answers(self, occasion: str, cohort_id: UUID | None) -> bool:
        """Whether there are answers of this occasion from before, of this group or from when there was none."""
        return bool(self.sealed & {f"{occasion}:", f"{occasion}:{cohort_id or ''}"})


@read_once
def find_own(session: AnySession) -> Own:
    """What is shut before the parent whose session this is."""
    return read_own(session.execute(_OWN).one())


def read_own(row: Any) -> Own:
    """From a row that has the columns of `OWN`."""
    return Own(row.waits_until, row.may_say, frozenset(row.sealed))


#: What a parent's home reads ahead.
OWN_ONE = Part(find_own, _OWN, answer=lambda rows: read_own(rows[0]))


def erase_sealed(session: AnySession, parent_id: UUID) -> int:
    """Delete what the parent wrote before their fresh start and may not read; how many rows."""
    count: int = session.execute(ERASE).scalar_one()
    record(session, ERASED, subject_id=parent_id, count=count)
    return count
