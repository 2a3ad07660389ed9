"""What becomes of a place in a group when two records of one person are put together, and when that is undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import record
from app.cohorts.membership import PLACE_GIVEN_BACK, PLACE_TAKEN, lock_cohort
from app.cohorts.models import Cohort, Enrolment, PlaceOffer
from app.cohorts.offered import count_free
from app.messages.queries import has_left
from app.messages.services import enqueue
from app.rollup_due.queue import mark_due
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY, OfferState, PlaceState
from app.states.messages import RecipientKind
from app.states.parents import ParentStage
from infra.clock import now
from infra.ids import new_id

#: What tells somebody of their place.
TOLD_BY = "place_offered"


@dataclass(frozen=True, slots=True)
class Held:
    """A place in a group that is not over."""

    enrolment_id: UUID
    cohort_id: UUID
    group_name: str


def list_held(session: Session, school_id: UUID, parent_ids: Sequence[UUID]) -> dict[UUID, Held]:
    """The place that each of these parents has now."""
    rows = session.execute(
        select(Enrolment.parent_id, Enrolment.id, Enrolment.cohort_id, Cohort.name)
        .join(Cohort, (Cohort.school_id == Enrolment.school_id) & (Cohort.id == Enrolment.cohort_id))
        .where(
            Enrolment.school_id == school_id,
            Enrolment.parent_id.in_(parent_ids),
            Enrolment.status == PlaceState.IN_GROUP,
            Cohort.state.in_(UNDER_WAY),
        )
    )
    return {row[0]: Held(*row[1:]) for row in rows}


def list_with_offer(session: Session, school_id: UUID, parent_ids: Sequence[UUID]) -> set[UUID]:
    """Those for whom a place is kept just now."""
    return set(
        session.scalars(
            select(PlaceOffer.parent_id).where(
                PlaceOffer.school_id == school_id,
                PlaceOffer.parent_id.in_(parent_ids),
                PlaceOffer.state == OfferState.OPEN,
            )
        )
    )


def was_in(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> bool:
    """Whether this parent has, or had, a place in the group."""
    mine = select(Enrolment.id).where(
        Enrolment.school_id == school_id, Enrolment.cohort_id == cohort_id, Enrolment.parent_id == parent_id
    )
    return session.execute(mine).first() is not None


def hand_over(session: Session, school_id: UUID, held: Held, to_id: UUID) -> UUID | None:
    """End this place; whoever was never in its group has it from now on: the id of that place. The group is held.

    What was marked at its evenings stays where it was written. Whom staff or a message told knows it: it is the same
    person. All others are told as they can be reached under the entry that stays.
    """
    ended = session.get(Enrolment, (school_id, held.enrolment_id), populate_existing=True)
    if ended is None or ended.status != PlaceState.IN_GROUP:
        raise Refused(_("Their place has changed meanwhile. Look at both again."))
    moment = now()
    ended.status, ended.left_at = PlaceState.LEFT, moment
    known, ended.told_at = ended.told_at, moment
    record(session, PLACE_GIVEN_BACK, subject_id=ended.parent_id, to_stage=ParentStage.LEFT)
    session.flush()
    mark_due(session, school_id)
    if was_in(session, school_id, held.cohort_id, to_id):
        return None
    place = Enrolment(
        school_id=school_id,
        id=new_id(),
        cohort_id=held.cohort_id,
        parent_id=to_id,
        joined_at=moment,
        told_at=known,
    )
    session.add(place)
    session.flush()
    record(session, PLACE_TAKEN, subject_id=to_id)
    if known is None and not was_written_to(session, school_id, held.cohort_id, ended.parent_id):
        enqueue(
            session,
            kind=TOLD_BY,
            school_id=school_id,
            recipient_kind=RecipientKind.PARENT,
            recipient_id=to_id,
            subject_id=held.cohort_id,
            dedupe_key=f"{place.id}:{moment.isoformat()}",
        )
    return place.id


def was_written_to(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> bool:
    """Whether a message went, or may have, that tells this parent of their place in the group."""
    return has_left(session, school_id, (TOLD_BY,), cohort_id, to=parent_id)


def check_again(session: Session, school_id: UUID, cohort_id: UUID, *, is_free: bool) -> None:
    """Raise Refused where a place that ended cannot be had again. Holds the group. `is_free`: the place that came in
    its stead ends with it."""
    cohort = lock_cohort(session, school_id, cohort_id)
    name = kept(cohort.name)
    if cohort.state not in UNDER_WAY:
        raise Refused(_("%(group)s is over since, so the place in it cannot come back.", group=name))
    if not is_free and count_free(session, cohort) <= 0:
        raise Refused(_("The place in %(group)s has been given to somebody else since.", group=name))


def told_at(session: Session, school_id: UUID, enrolment_id: UUID) -> datetime | None:
    """Which plan staff told whoever has this place."""
    place = session.get(Enrolment, (school_id, enrolment_id))
    return place.told_at if place else None


def give_again(session: Session, school_id: UUID, enrolment_id: UUID, told: datetime | None) -> None:
    """The place that ended with a merge is held again."""
    place = session.get(Enrolment, (school_id, enrolment_id), populate_existing=True)
    if place is None:
        return
    place.status, place.left_at = PlaceState.IN_GROUP, None
    place.told_at = told
    session.flush()
    record(session, PLACE_TAKEN, subject_id=place.parent_id)
    mark_due(session, school_id)
