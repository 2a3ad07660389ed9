"""Raise a concern so that only its reader can read it; and what that reader does with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.calendar.school_year import bank_holidays
from app.identity.roles import Role
from app.identity.websession import Identity
from app.messages.services import ring_bell
from app.safeguarding import queries
from app.safeguarding.models import AuthorityConcern, Concern, ConcernReceipt
from app.safeguarding.naming import names_role, names_somebody
from app.safeguarding.queries import HANDED_DESK, OFFICER_DESK, SCHOOL_DESK, Desk
from app.safeguarding.readers import Reader, Readers, get_readers, list_coming
from app.safeguarding.words import URGENT
from app.shell.dates import day
from app.shell.edge import after_commit
from app.shell.kept import unmarked
from app.shell.refusals import Refused
from infra.clock import LONDON, now
from infra.ids import new_id

# No event when a concern is raised: colleagues may read their school's trail, and nobody but the reader may learn
# who raised what. The concern itself says who and when, and no audience may delete it.
EVENTS = {
    desk.name: {
        action: define(f"safeguarding:{subject}:{action}")
        for action in ("viewed", "printed", "read", "action_recorded", "closed", "opened_again")
    }
    for desk, subject in (
        (SCHOOL_DESK, "concern"),
        (OFFICER_DESK, "authority_concern"),
        (HANDED_DESK, "handed_concern"),
    )
}

#: Whom a concern about each goes to. Nobody at a school reads what is about that school's own people.
READER_OF = {
    "child": "dsl",
    "adult": "dsl",
    "not_sure": "dsl",
    "staff": "officer",
    "school": "officer",
    "facilitator": "officer",
}
#: Letters and digits that cannot be mistaken for one another when they are read out.
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RAISED_BY = {Role.PARENT: "parent", Role.FACILITATOR: "facilitator"}


TAKEN_OVER = define("safeguarding:handed_concern:taken_over")
TAKE_OVER = text("select identity.take_over(:concern)")
ANNOUNCE = text("select identity.announce_concern(:concern, cast(:kept as uuid[]))")


@dataclass(frozen=True, slots=True)
class Told:
    """What the form holds, in the words that were typed."""

    about: str
    what: str
    happened_when: str
    risk_today: str
    about_name: str = ""
    happened_where: str = ""
    who_else: str = ""
    done_so_far: str = ""
    reach_me: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """`dsl` or `officer`, and from whom it is kept there."""

    goes_to: str
    #: It is with the school, and no officer takes it over.
    names_officer: bool = False
    kept_from: tuple[UUID, ...] = ()
    #: Somebody whom it does not name can read it now.
    reaches: bool = True


def raise_concern(session: Session, identity: Identity, once_id: UUID, told: Told) -> UUID:
    """Hand a concern to its reader and leave its raiser a receipt; the receipt's id.

    The same words of one form sent twice are one concern: they have one `once_id`, which becomes its id. Other words
    are a concern of their own: whoever raised the first may not read it, so nothing can be added to it here.
    """
    school_id, person_id = identity.school_id, identity.person_id
    if school_id is None:
        raise ValueError("concerns are raised in a school")
    if queries.find_receipt(session, school_id, person_id, once_id):
        return once_id
    concern_id = once_id
    route = find_route(session, identity, told)
    try:
        _write(session, identity, school_id, concern_id, told, route)
    except IntegrityError:
        # The other press of the same button was first; an id whose receipt is not this person's own gets a new one.
        if queries.find_receipt(session, school_id, person_id, once_id):
            return once_id
        concern_id = new_id()
        _write(session, identity, school_id, concern_id, told, route)
    _announce(session, concern_id, route)
    return concern_id


def find_route(session: Session, identity: Identity, told: Told) -> Route:
    """Where this goes that somebody wants to tell in their school, by who reads there now."""
    if identity.school_id is None:
        raise ValueError("concerns are raised in a school")
    return route_of(
        told,
        get_readers(session, identity.school_id, identity.authority_id),
        list_coming(session),
    )


def _write(
    session: Session, identity: Identity, school_id: UUID, concern_id: UUID, told: Told, route: Route
) -> None:
    """The concern and its receipt. Plain inserts: whoever raises it may not read it, so nothing comes back."""
    moment, reference = now(), new_reference()
    values = {
        **asdict(told),
        "id": concern_id,
        "raised_by_kind": RAISED_BY.get(identity.role, "staff"),
        "raised_by_id": identity.person_id,
        "raised_by_name": identity.name,
        "raised_at": moment,
        "read_by": "",
        "reference": reference,
    }
    with session.begin_nested():
        if route.goes_to == "dsl":
            kept_from = {"about_officer": route.names_officer}
            session.execute(insert(Concern.__table__), {**values, **kept_from, "school_id": school_id})
        else:
            owner = {"authority_id": identity.authority_id, "about_school_id": school_id}
            session.execute(insert(AuthorityConcern.__table__), {**values, **owner})
        session.execute(
            insert(ConcernReceipt.__table__),
            {
                "school_id": school_id,
                "id": concern_id,
                "raised_by_id": identity.person_id,
                "reference": reference,
                "raised_at": moment,
                "goes_to": route.goes_to,
                "is_urgent": told.risk_today in URGENT,
            },
        )


def _announce(session: Session, concern_id: UUID, route: Route) -> None:
    """Keep it from those of its readers whom it names; tell the others that something waits, and nothing of what.

    Who raises a concern may not know who reads it, so the database finds out; where nobody at school can, it hands
    the concern to the authority's officer.
    """
    session.execute(ANNOUNCE, {"concern": concern_id, "kept": list(route.kept_from)})
    after_commit(ring_bell)


def route_of(told: Told, readers: Readers, coming: Mapping[str, Sequence[Reader]] | None = None) -> Route:
    """Whom it goes to: never the person whom it is about, as far as a name or a role tells.

    A desk that nobody is named of comes first. Of one where somebody is named the others read it, and it is kept from
    those. Where nobody else is left it waits, out of reach of whom it names. `coming`: those who are to be readers, by
    route; it goes round them too.
    """
    usual, later = READER_OF[told.about], coming or {}
    dsl = _look_at("dsl", told, readers.dsl, later.get("dsl", ()), usual)
    officer = _look_at("officer", told, readers.officers, later.get("officer", ()), usual)
    if not dsl.is_named and not officer.is_named:
        # Without a reader at school the database hands it to the officer.
        reaches = officer.others or (usual == "dsl" and dsl.others)
        return Route(usual, reaches=reaches)
    kept_from = (*dsl.kept_from, *officer.kept_from)
    if dsl.is_named:
        # Nobody at a school reads what is about that school's own people.
        first, second = officer, dsl if usual == "dsl" else officer
    else:
        first, second = dsl, officer
    for desk in (first, second):
        if desk.others:
            return Route(desk.route, desk is dsl and officer.is_named, kept_from)
    return Route(first.route, first is dsl and officer.is_named, kept_from, reaches=False)


@dataclass(frozen=True, slots=True)
class _Desk:
    route: str
    #: Somebody who reads there, or is to, is named; who, and whether anybody else reads there now.
    is_named: bool
    kept_from: tuple[UUID, ...]
    others: bool


def _look_at(
    route: str, told: Told, readers: Sequence[Reader], coming: Sequence[Reader], usual: str
) -> _Desk:
    """Whether it may be about one of these, who read on `route`, by name or by what they are.

    Where a yes brings it nearer, to the school, the whole name counts: a teacher may be called as the officer is. Of
    what is about a school's own people nobody who was there is asked: it stays away from that school. A name in letters
    that cannot be compared goes past the school, to the officer, who reads it whatever is named in such letters.
    """
    whole = route == usual == "officer"
    who_else = told.who_else if usual == "dsl" else ""
    by_role = names_role(told.about_name, route, alone=told.about == "child") or names_role(
        who_else, route, alone=True
    )
    named = {
        one.person_id
        for one in (*readers, *coming)
        if by_role
        or names_somebody(told.about, told.about_name, who_else, one.name, whole=whole, doubt=route == "dsl")
    }
    return _Desk(
        route,
        by_role or bool(named),
        tuple(sorted(named)),
        any(one.person_id not in named for one in readers),
    )


def new_reference() -> str:
    """A short name to say on the telephone; it tells nothing about the concern."""
    drawn = "".join(secrets.choice(SIGNS) for _sign in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def read_by_day(raised_on: date) -> date:
    """The next working day in England: by then it is read."""
    day = raised_on + timedelta(days=1)
    while day.weekday() >= 5 or day in bank_holidays(day.year):
        day += timedelta(days=1)
    return day


def read_by_day_of(receipt: ConcernReceipt) -> date:
    return read_by_day(receipt.raised_at.astimezone(LONDON).date())


def note_viewed(session: Session, desk: Desk, concern: Any, *, printed: bool = False) -> None:
    """Log that its reader opened the words of a concern, and keep when that was first."""
    if concern.opened_at is None:
        concern.opened_at = now()
        session.flush()
    concern_id = concern.id
    record(session, EVENTS[desk.name]["printed" if printed else "viewed"], subject_id=concern_id)


def mark_read(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID, by_name: str) -> None:
    """The reader says so. The first time counts; saying it again changes nothing.

    Of what went to the officer the officer says so; the school reads it as well, which is logged.
    """
    concern = queries.get_concern(session, desk, owner_id, concern_id)
    session.refresh(concern, with_for_update=True)
    if concern.read_at is not None or not answers(session, desk, concern):
        return
    concern.read_at, concern.read_by = now(), by_name
    record(session, EVENTS[desk.name]["read"], subject_id=concern_id)
    session.flush()


def record_action(
    session: Session,
    desk: Desk,
    owner_id: UUID,
    concern_id: UUID,
    *,
    action_id: UUID,
    by_name: str,
    action: str,
    decision: str,
    reason: str,
) -> bool:
    """Add what was done. Who acts has read it. The same words of one form sent twice are one entry: False for the
    second. Other words are another one.

    What a school adds to a concern that went to the officer is told to the officers by the database, without its words.
    """
    mark_read(session, desk, owner_id, concern_id, by_name)
    try:
        with session.begin_nested():
            session.execute(
                insert(desk.action.__table__),
                {
                    desk.owner: owner_id,
                    "id": action_id,
                    "concern_id": concern_id,
                    "action": action,
                    "decision": decision,
                    "reason": reason,
                    "by_name": by_name,
                    "at": now(),
                },
            )
    except IntegrityError:
        return False
    record(session, EVENTS[desk.name]["action_recorded"], subject_id=concern_id)
    after_commit(ring_bell)
    return True


def answers(session: Session, desk: Desk, concern: Any) -> bool:
    """Whether this desk closes the concern and opens it again: of what went to the officer the officer alone."""
    return (
        desk is not SCHOOL_DESK or queries.find_own_handover(session, concern.school_id, concern.id) is None
    )


def check_answers(session: Session, desk: Desk, concern: Any) -> None:
    if not answers(session, desk, concern):
        raise Refused(
            _("The council’s officer answers for this concern now. Only they can close it or open it again.")
        )


def take_over(session: Session, concern_id: UUID) -> None:
    """The officer reads an urgent concern that nobody at the school has opened for half an hour; the school is told.

    Raises Refused when somebody has opened it meanwhile, or there is none.
    """
    if not session.execute(TAKE_OVER, {"concern": concern_id}).scalar_one():
        raise Refused(_("Somebody has opened this concern meanwhile. You need not take it over."))
    record(session, TAKEN_OVER, subject_id=concern_id)
    after_commit(ring_bell)


def close_concern(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID, by_name: str) -> None:
    """Put it away. Raises Refused until a decision and its reason are written down, and to a school whose concern went
    to the officer."""
    concern = queries.get_concern(session, desk, owner_id, concern_id)
    session.refresh(concern, with_for_update=True)
    check_answers(session, desk, concern)
    if concern.closed_at is not None:
        return
    if not queries.has_decision(session, desk, owner_id, concern_id):
        raise Refused(_("Write down what was decided, and why, before you close this."))
    concern.closed_at, concern.closed_by = now(), by_name
    record(session, EVENTS[desk.name]["closed"], subject_id=concern_id)
    session.flush()


def open_again(
    session: Session,
    desk: Desk,
    owner_id: UUID,
    concern_id: UUID,
    *,
    action_id: UUID,
    by_name: str,
    reason: str,
) -> bool:
    """Look at a closed concern again. Its record says who closed it and when, who opened it, and why.

    Of two who do so at once the first counts; one that is open stays as it is. A form opens it once: pressed again
    after somebody has closed it anew it changes nothing, and the answer is False. Raises Refused to a school whose
    concern went to the officer.
    """
    concern = queries.get_concern(session, desk, owner_id, concern_id)
    session.refresh(concern, with_for_update=True)
    check_answers(session, desk, concern)
    if concern.closed_at is None:
        return False
    closed = {"day": day(concern.closed_at), "name": concern.closed_by}
    words = _("Opened again. It was closed on %(day)s by %(name)s.", **closed)
    if not record_action(
        session,
        desk,
        owner_id,
        concern_id,
        action_id=action_id,
        by_name=by_name,
        action=unmarked(words if closed["name"] else _("Opened again. It was closed on %(day)s.", **closed)),
        decision="",
        reason=reason,
    ):
        return False
    concern.closed_at, concern.closed_by = None, ""
    record(session, EVENTS[desk.name]["opened_again"], subject_id=concern_id)
    session.flush()
    return True
