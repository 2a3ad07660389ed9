"""A parent's own place, before their group begins: one that is kept for them, and one that they give back.

In their own scope, which sees a group only once they have a place: what is offered the database tells (`app.my_offer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.audit.trail import record
from app.cohorts.membership import PLACE_TAKEN, give_back_places
from app.cohorts.models import Enrolment, PlaceOffer
from app.cohorts.offers import ENDED, find_open
from app.cohorts.planning import ends_at
from app.cohorts.queries import list_sessions
from app.cohorts.timetable import took_place
from app.messages.services import enqueue
from app.recruitment import steps
from app.rollup_due.queue import mark_due
from app.schools import stage_rights
from app.shell.refusals import Refused
from app.states.groups import OfferState, PlaceState
from app.states.messages import RecipientKind
from app.states.parents import BySide, ParentStage
from infra.clock import now
from tenants.pages import first, looked, own_part
from tenants.reading import read_once

_MINE = text("select offer_id, cohort_id, name, room, days, starts_at, minutes, leaders from app.my_offer()")
_NEWEST = (
    select(PlaceOffer)
    .where(PlaceOffer.school_id == bindparam("school_id"), PlaceOffer.parent_id == bindparam("parent_id"))
    .order_by(PlaceOffer.offered_at.desc(), PlaceOffer.id)
    .limit(1)
)
_HOLD = text("select app.hold_offered_group(:offer)")
_TAKE = text("select app.take_offer(:offer)")


@dataclass(frozen=True, slots=True)
class Offered:
    """A place that is kept for them, as they may see it before they say yes."""

    id: UUID
    cohort_id: UUID
    name: str
    room: str
    days: tuple[date, ...]
    starts_at: time
    ends_at: time
    leaders: tuple[str, ...]


@read_once
def find_mine(session: Session) -> Offered | None:
    """What is offered to the parent of this scope; None where nothing is, or while a fresh start waits."""
    row = session.execute(_MINE).first()
    if row is None:
        return None
    until = ends_at(row.starts_at, row.minutes)
    return Offered(
        row.offer_id,
        row.cohort_id,
        row.name,
        row.room,
        tuple(row.days),
        row.starts_at,
        until,
        tuple(row.leaders),
    )


@read_once
def find_row(session: Session, school_id: UUID, parent_id: UUID) -> PlaceOffer | None:
    """Their newest offer, whatever became of it."""
    return session.scalar(_NEWEST, {"school_id": school_id, "parent_id": parent_id})


#: What a parent's home reads ahead.
NEWEST = own_part(
    find_row,
    _NEWEST,
    first(looked(PlaceOffer)),
)


def gone() -> Refused:
    """What to say to whoever presses too late, or twice."""
    return Refused(_("No place is kept for you just now. This is how it stands."))


def take(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """They say yes: the place is theirs, and its dates come to them. Raises Refused where it is not kept any more."""
    if not stage_rights.may_now(session, school_id, "form_groups"):
        raise Refused(
            _("New groups are paused at your school just now. Your place is kept until it starts again.")
        )
    offered = find_mine(session)
    if offered is None:
        raise gone()
    if not offered.days:
        raise Refused(_("This group has no more sessions, so nobody can start in it now."))
    # The group first, then the person, then what leaving the list would end too: their offer.
    session.execute(_HOLD, {"offer": offered.id})
    parent = steps.lock_parent(session, school_id, parent_id)
    if not session.execute(_TAKE, {"offer": offered.id}).scalar_one():
        raise gone()
    steps.move(session, parent, ParentStage.IN_GROUP, by_side=BySide.PARENT)
    record(session, ENDED, subject_id=offered.cohort_id, state=OfferState.TAKEN)
    record(session, PLACE_TAKEN, subject_id=parent_id)
    mark_due(session, school_id)
    enqueue(
        session,
        kind="place_offered",
        school_id=school_id,
        recipient_kind=RecipientKind.PARENT,
        recipient_id=parent_id,
        subject_id=offered.cohort_id,
        dedupe_key=f"{offered.id}:taken",
    )
    return True


def decline(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """They say no thank you to this group, and go on waiting. Raises Refused where nothing is kept any more."""
    # Held: whoever else answers it meanwhile comes before this, or after.
    found = find_open(session, school_id, parent_id, is_held=True)
    if found is None:
        raise gone()
    found.state, found.ended_at = OfferState.DECLINED, now()
    session.flush()
    record(session, ENDED, subject_id=found.cohort_id, state=OfferState.DECLINED)
    return True


@dataclass(frozen=True, slots=True)
class MyPlace:
    """A place that they have: since when, and why it cannot be given back any more, in words; empty where it can."""

    since: object
    why_not: str


def find_place(session: Session, school_id: UUID, parent_id: UUID) -> MyPlace | None:
    """The place of the parent of this scope; None where they have none."""
    place = session.scalar(
        select(Enrolment)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.parent_id == parent_id,
            Enrolment.status == PlaceState.IN_GROUP,
        )
        .order_by(Enrolment.joined_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if place is None:
        return None
    meetings = list_sessions(session, school_id, place.cohort_id)
    why_not = ""
    if not meetings:
        # While a fresh start waits, neither is it known whether it has begun.
        why_not = _("Your group is not shown just now. Call the school about your place.")
    elif any(map(took_place, meetings)):
        why_not = _("Your group has begun. You can stay away from a session, or leave the group.")
    return MyPlace(place.joined_at, why_not)


def give_back(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """They give their place back before the group begins, and wait for another. Raises Refused once it has begun, and
    for somebody who has none."""
    parent = steps.lock_parent(session, school_id, parent_id)
    place = find_place(session, school_id, parent_id)
    if place is None or parent.stage != ParentStage.IN_GROUP:
        raise Refused(_("You have no place in a group now, so there is nothing to give back."))
    if place.why_not:
        raise Refused(place.why_not)
    give_back_places(session, school_id, parent_id, to_stage=ParentStage.WAITING)
    steps.move(session, parent, ParentStage.WAITING, by_side=BySide.PARENT)
    return True
