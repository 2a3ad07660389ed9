"""Appointing is reading: a role that sees more than whoever gives it takes a second person, and a day.

The database decides and writes (`migrations/sql/identity/`); here are the words for it, and what pages read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, DateTime, Row, String, Uuid, column, text
from sqlalchemy.orm import Session

from app.audit.trail import define
from app.identity.roles import Role, label_of
from app.messages.services import ring_bell
from app.schools.named_concerns import Naming, named_concerns
from app.shell.dates import clock, day, short_day
from app.shell.edge import after_commit
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.appointments import AppointmentKind
from infra.clock import now
from infra.ids import new_id
from tenants.pages import Part
from tenants.reading import read_once

#: Written by the database, to the history of the school and of its authority.
HISTORY = [
    define(f"schools:{what}:{step}", keys=("role",))
    for what in ("appointment", "reset")
    for step in ("asked", "agreed", "stopped")
]

_ASK = text("select identity.ask_appointment(:id, :kind, :school, :person)")
_MAY_AGREE = text("select identity.may_agree_to_appointments(:ids)")
_WHO_CAN = text("select appointment_id, name, role, is_deputy, can_from from identity.who_can_agree(:ids)")
_AGREE = text("select identity.agree_appointment(:id)")
_KEEP = text("select identity.keep_concerns_from(:id, :concerns)")
_OF_A_SCHOOL = text(
    "select id, kind, name, role, school_id, app.authority_id() authority_id from appointment where id = :id"
)
#: Not asked in the scope of a school, whose people may not.
_AT_THE_COUNCIL = text(
    "select id, kind, name, role, null::uuid school_id, authority_id from authority_appointment where id = :id"
)
_FIRST_READERS = text(
    "select m.name from appointment a join staff_member m on m.school_id = a.school_id and m.id = a.person_id"
    " where a.school_id = :school and a.role = 'school_dsl' and a.kind = 'appoint' and a.basis = 'first_holder'"
    " and a.stopped_at is null and m.ended_at is null order by m.name"
)
_IS_IN_SCHOOL = text("select app.school_id() is not null")
_STOP = text("select identity.stop_appointment(:id)")
_WAITING = (
    column("id", Uuid),
    *(column(name, String) for name in ("kind", "name", "role")),
    column("asked_at", DateTime),
    column("is_deputy", Boolean),
)
_ASKED_AT_SCHOOL = text(
    "select id, kind, name, role, asked_at, is_deputy from appointment where school_id = :school and agreed_at is null"
    " and stopped_at is null and basis = 'second_person' order by asked_at, id"
).columns(*_WAITING)
#: Row policies say of which authority.
_ASKED = text(
    "select id, kind, name, role, asked_at, is_deputy from appointment where agreed_at is null and stopped_at is null"
    " and basis = 'second_person' union all select id, kind, name, role, asked_at, false from authority_appointment"
    " where agreed_at is null and stopped_at is null and basis = 'second_person' order by 5, 1"
).columns(*_WAITING)
_COMING = text(
    "select id, person_id, begins_at from appointment where person_id = any(:people) and stopped_at is null"
    " and kind = 'appoint' and basis = 'second_person'"
)
_COMING_THERE = text(
    "select id, person_id, begins_at from authority_appointment where person_id = any(:people) and stopped_at is null"
    " and kind = 'appoint' and basis = 'second_person'"
)
_OPEN_OF_SCHOOL = text(
    "select id from appointment where school_id = :school and person_id = :person and stopped_at is null"
    " and kind = 'appoint'"
)
_OPEN_OF_AUTHORITY = text(
    "select id from authority_appointment where person_id = :person and stopped_at is null and kind = 'appoint'"
)
_OF_SCHOOL = text(
    "select a.id, a.kind, a.person_id, a.role, a.name, a.email, a.basis, a.asked_by_name, a.asked_at,"
    " a.agreed_by_name, a.agreed_at, a.begins_at, a.stopped_by_name, a.stopped_at, a.done_at, k.name place,"
    " a.school_id, a.is_deputy from appointment a join school k on k.school_id = a.school_id"
    " where a.school_id = :school"
    " order by a.asked_at desc, a.id limit 100"
)
_OF_AUTHORITY = text(
    "select a.id, a.kind, a.person_id, a.role, a.name, a.email, a.basis, a.asked_by_name, a.asked_at,"
    " a.agreed_by_name, a.agreed_at, a.begins_at, a.stopped_by_name, a.stopped_at, a.done_at, k.name place,"
    " a.school_id, a.is_deputy from appointment a join school k on k.school_id = a.school_id"
    " where k.authority_id = :authority"
    " union all select a.id, a.kind, a.person_id, a.role, a.name, a.email, a.basis, a.asked_by_name, a.asked_at,"
    " a.agreed_by_name, a.agreed_at, a.begins_at, a.stopped_by_name, a.stopped_at, a.done_at, '' place, null,"
    " false from authority_appointment a where a.authority_id = :authority order by 9 desc, 1 limit 100"
)


Member = TypeVar("Member")


_NOBODY = _l(
    "Nobody can agree at the moment. Stop it, or ask your council’s named officer or the people who run We Belong."
)


class NobodyCould(Refused):
    """There is no second person at that place."""


class Outcome(StrEnum):
    """What asking came to."""

    #: No second person is needed.
    FREE = "free"
    #: A first holder: at once.
    BEGINS = "begins"
    #: Somebody has to agree.
    WAITS = "waits"
    #: There is nobody who could; nothing was written.
    NOBODY = "nobody"


@dataclass(frozen=True)
class Invited(Generic[Member]):
    """Somebody on the list, and whether what was asked for them waits for a second person."""

    member: Member
    waits: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """One line of the list: what was asked, how far it is, and what the reader may do about it."""

    id: UUID
    what: str
    place: str
    email: str
    asked: tuple[str, datetime]
    agreed: tuple[str, datetime] | None
    begins_at: datetime | None
    stopped: tuple[str, datetime] | None
    state: str
    may_agree: bool
    may_stop: bool
    #: For those who may agree and read concerns: how many open ones name this person, from whom they will be kept; and
    #: closed ones.
    named_open: int = 0
    named_closed: int = 0
    #: Who may agree and from when, in words, while somebody has to.
    who_can: str = ""


def ask_to_appoint(session: Session, person_id: UUID, *, school_id: UUID | None) -> bool:
    """Ask for what this person of a list was put on it for; True when it waits for a second person.

    Everybody concerned is told at once. Raises Refused when nobody could agree; the caller takes the row back.
    """
    return _ask(session, "appoint", person_id, school_id) is Outcome.WAITS


def ask_to_reset(session: Session, person_id: UUID, *, school_id: UUID | None) -> None:
    """Ask whether a colleague who sees more may set up a new app. Raises Refused when nobody could agree."""
    _ask(session, "reset", person_id, school_id)


def _ask(session: Session, kind: str, person_id: UUID, school_id: UUID | None) -> Outcome:
    appointment_id = new_id()
    outcome = Outcome(
        session.execute(
            _ASK, {"id": appointment_id, "kind": kind, "school": school_id, "person": person_id}
        ).scalar_one()
    )
    if outcome is Outcome.BEGINS:
        _keep_concerns(session, appointment_id)
    if outcome is Outcome.NOBODY:
        raise NobodyCould(
            _(
                "This takes a second person, and there is nobody yet. They must have been here for 30 days, and not by"
                " your invitation. Ask your council’s named officer, or the people who run We Belong."
            )
        )
    after_commit(ring_bell)
    return outcome


def agree(session: Session, appointment_id: UUID) -> datetime:
    """The second person agrees; when it begins. Raises Refused when it is not theirs to say, or over.

    Concerns that name whoever is to read concerns are kept from them from then on.
    """
    _keep_concerns(session, appointment_id)
    begins_at: datetime | None = session.execute(_AGREE, {"id": appointment_id}).scalar_one()
    if begins_at is None:
        raise Refused(
            _("You cannot agree to this now. Somebody agreed or stopped it, or it is not yours to say.")
        )
    after_commit(ring_bell)
    return begins_at


def _keep_concerns(session: Session, appointment_id: UUID) -> None:
    """What names somebody who is to read concerns, open or closed, is kept from them."""
    row = session.execute(_OF_A_SCHOOL, {"id": appointment_id}).first()
    if row is None and not session.execute(_IS_IN_SCHOOL).scalar_one():
        row = session.execute(_AT_THE_COUNCIL, {"id": appointment_id}).first()
    if row is None or row.kind != AppointmentKind.APPOINT:
        return
    asked = {"authority_id": row.authority_id, "school_id": row.school_id}
    if naming := named_concerns().list_naming(row.name, row.role, **asked):
        session.execute(_KEEP, {"id": row.id, "concerns": [one.id for one in naming]})


def _naming_to(session: Session, reader: Role, row: Row[Any], authority_id: UUID) -> list[Naming]:
    return named_concerns().list_naming_to(
        session, reader, row.name, row.role, authority_id=authority_id, school_id=row.school_id
    )


def stop(session: Session, appointment_id: UUID) -> None:
    """Whoever was told stops it before it begins. Raises Refused when it has begun, or was stopped."""
    if not session.execute(_STOP, {"id": appointment_id}).scalar_one():
        raise Refused(_("This has already begun, or somebody stopped it. Look at the list again."))
    after_commit(ring_bell)


def drop(session: Session, person_id: UUID, *, school_id: UUID | None) -> None:
    """Stop what is asked for somebody whose invitation is cancelled; nothing where there is nothing."""
    statement = _OPEN_OF_SCHOOL if school_id else _OPEN_OF_AUTHORITY
    for found in session.scalars(statement, {"person": person_id, "school": school_id}).all():
        session.execute(_STOP, {"id": found})


def list_appointments(
    session: Session, *, reader: Role, school_id: UUID | None, authority_id: UUID
) -> list[Appointment]:
    """Those of the school, or of the authority and its schools, the newest first; at most a hundred.

    Who reads concerns is told, before they agree, that one names somebody of that name.
    """
    rows = _rows(session, school_id=school_id, authority_id=authority_id)
    ids = [row.id for row in rows]
    mine = set(session.execute(_MAY_AGREE, {"ids": ids}).scalar_one()) if ids else set()
    who = who_can_agree(session, ids)
    return [
        _line(
            row,
            row.id in mine,
            _naming_to(session, reader, row, authority_id)
            if row.id in mine and row.kind == AppointmentKind.APPOINT
            else [],
            who.get(row.id, ""),
        )
        for row in rows
    ]


def list_coming(
    session: Session, person_ids: Sequence[UUID], *, of_school: bool
) -> dict[UUID, tuple[str, str]]:
    """Of these people, those whose role has not begun, each with how far it is in words, and who can agree to it.

    Who can agree is said to those who hear of appointments; empty for anybody else, and once somebody has agreed.
    """
    if not person_ids:
        return {}
    found = session.execute(_COMING if of_school else _COMING_THERE, {"people": list(person_ids)}).all()
    who = who_can_agree(session, [row.id for row in found if row.begins_at is None])
    coming = {}
    for row in found:
        if row.begins_at is None:
            coming[row.person_id] = (_("Waits for a second person"), who.get(row.id, ""))
        elif row.begins_at > now():
            words = _("Begins %(day)s, %(time)s", day=short_day(row.begins_at), time=clock(row.begins_at))
            coming[row.person_id] = (words, "")
    return coming


def list_first_readers(session: Session, school_id: UUID) -> list[str]:
    """Names of those who read a school's concerns, or are invited to, by the agreement alone."""
    return list(session.scalars(_FIRST_READERS, {"school": school_id}))


@read_once
def _list_asked(session: Session, school_id: UUID) -> Sequence[Any]:
    return session.execute(_ASKED_AT_SCHOOL, {"school": school_id}).all()


@read_once
def _list_asked_of_all(session: Session) -> Sequence[Row[Any]]:
    return session.execute(_ASKED).all()


ASKED = Part(_list_asked, _ASKED_AT_SCHOOL, takes=("school_id",), names={"school": "school_id"})
#: Of a council and its schools.
ASKED_OF_ALL = Part(_list_asked_of_all, _ASKED)


def list_waiting(session: Session, *, school_id: UUID | None) -> list[Waiting]:
    """What waits for a second person, the oldest first."""
    rows = _list_asked(session, school_id) if school_id else _list_asked_of_all(session)
    if not rows:
        return []
    ids = [row.id for row in rows]
    mine = set(session.execute(_MAY_AGREE, {"ids": ids}).scalar_one())
    who = who_can_agree(session, ids)
    return [Waiting(_what(row), who.get(row.id, str(_NOBODY)), row.id in mine) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An appointment that waits: what, who may agree in words, and whether that is the reader."""

    what: str
    who_can: str
    is_mine: bool


def who_can_agree(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of each of these that waits: who can agree now, and who from which day; or that nobody can."""
    if not ids:
        return {}
    found: dict[UUID, tuple[list[str], list[str]]] = {}
    for row in session.execute(_WHO_CAN, {"ids": list(ids)}):
        now_can, later = found.setdefault(row.appointment_id, ([], []))
        role = label_of(Role(row.role), is_deputy=row.is_deputy)
        who = _("%(name)s, %(role)s", name=kept(row.name), role=role)
        if row.can_from <= now():
            now_can.append(who)
        else:
            later.append(_("%(who)s, from %(day)s", who=who, day=day(row.can_from)))
    return {key: " ".join(_can(*both)) for key, both in found.items()}


def _can(now_can: list[str], later: list[str]) -> Iterator[str]:
    if now_can:
        yield _("Who can agree now: %(people)s.", people="; ".join(now_can))
    else:
        yield _("Nobody can agree yet: that takes 30 days here.")
    if later:
        yield _("Later: %(people)s.", people="; ".join(later))


def _rows(session: Session, *, school_id: UUID | None, authority_id: UUID) -> Sequence[Row[Any]]:
    if school_id is not None:
        return session.execute(_OF_SCHOOL, {"school": school_id}).all()
    return session.execute(_OF_AUTHORITY, {"authority": authority_id}).all()


def _what(row: Row[Any]) -> str:
    role = label_of(Role(row.role), is_deputy=row.is_deputy)
    if row.kind == AppointmentKind.APPOINT:
        return _("%(name)s as %(role)s", name=row.name, role=role)
    return _("A new sign-in app for %(name)s, %(role)s", name=row.name, role=role)


def _line(row: Row[Any], may_agree: bool, naming: Sequence[Naming], who_can: str) -> Appointment:
    has_begun = row.begins_at is not None and row.begins_at <= now()
    if row.stopped_at:
        state = "stopped"
    elif row.done_at:
        state = "done"
    elif has_begun:
        state = "begun" if row.kind == AppointmentKind.APPOINT else "allowed"
    else:
        state = "agreed" if row.begins_at else "asked"
    return Appointment(
        id=row.id,
        what=_what(row),
        place=row.place,
        email=row.email,
        asked=(row.asked_by_name, row.asked_at),
        agreed=(row.agreed_by_name, row.agreed_at) if row.agreed_at else None,
        begins_at=row.begins_at,
        stopped=(row.stopped_by_name, row.stopped_at) if row.stopped_at else None,
        state=state,
        may_agree=may_agree and state == "asked",
        may_stop=state in ("asked", "agreed"),
        named_open=sum(one.is_open for one in naming),
        named_closed=sum(not one.is_open for one in naming),
        who_can=(who_can or str(_NOBODY)) if state == "asked" else "",
    )
