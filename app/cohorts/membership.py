"""Places in a group: taken under the group's lock, given back at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.cohorts.locks import hold
from app.cohorts.models import Cohort, Enrolment, PlaceOffer
from app.cohorts.offered import count_free, list_kept_for
from app.cohorts.queries import list_facilitator_ids, list_sessions
from app.cohorts.same_person import leads_it
from app.cohorts.timetable import takes_newcomers
from app.messages.outlook import would_reach
from app.messages.services import enqueue
from app.recruitment import queries as parents
from app.recruitment import steps
from app.recruitment.stages import may_go
from app.rollup_due.queue import mark_due
from app.schools import stage_rights
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY, OfferState, PlaceState
from app.states.messages import RecipientKind
from app.states.parents import BySide, ParentStage
from infra.clock import now

PLACE_TAKEN = define("cohorts:place:taken")
#: What tells somebody that they are in a group no more and wait for another.
ENDED_KIND = "place_ended"
PLACE_GIVEN_BACK = define("cohorts:place:given_back", keys=("to_stage",))


def lock_cohort(session: Session, school_id: UUID, cohort_id: UUID) -> Cohort:
    """One group, held until the end of the transaction, as it is now. Raises NotFound."""
    found = session.scalar(hold(select(Cohort).where(Cohort.school_id == school_id, Cohort.id == cohort_id)))
    if found is None:
        raise NotFound
    return found


def refuse_over(cohort: Cohort) -> None:
    """Raise Refused where the group has ended or was called off."""
    if cohort.state not in UNDER_WAY:
        raise Refused(_("This group is over, so it stays as it was."))


def list_places(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[Enrolment]:
    """Who has a place in the group now, in the order in which they joined."""
    return session.scalars(
        select(Enrolment)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.status == PlaceState.IN_GROUP,
        )
        .order_by(Enrolment.joined_at, Enrolment.id)
    ).all()


def take_place(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> bool:
    """Give a parent a place and tell them; False when they have it already.

    Raises Refused when the group is full, Refused when the group or the parent is not open to it, NotFound.
    """
    stage_rights.check(session, school_id, "form_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    parent = steps.lock_parent(session, school_id, parent_id)
    enrolment = _find_enrolment(session, school_id, cohort_id, parent_id)
    if enrolment is not None and enrolment.status == PlaceState.IN_GROUP:
        return False
    if cohort.state not in UNDER_WAY:
        raise Refused(_("This group is over. Its places cannot be given any more."))
    if not may_go(parent.stage, "in_group"):
        raise Refused(_("They are not waiting for a place any more. Open the list again."))
    if leads_it(session, school_id, list_facilitator_ids(session, school_id, cohort_id), parent_id):
        raise Refused(
            _("Somebody you chose leads this group, so they cannot have a place in it as a parent.")
        )
    meetings = list_sessions(session, school_id, cohort_id)
    if not takes_newcomers(meetings):
        raise Refused(_("This group has no more sessions, so nobody can start in it now."))
    if count_free(session, cohort, but=parent_id) <= 0:
        raise Refused(_("This place has gone. We can keep the next for you."))
    if enrolment is None:
        enrolment = Enrolment(school_id=school_id, cohort_id=cohort_id, parent_id=parent_id)
        session.add(enrolment)
    enrolment.status, enrolment.joined_at = "in_group", now()
    enrolment.left_at, enrolment.left_reason = None, ""
    # What was kept for them here is theirs now; what another group kept ends as they leave the list.
    session.execute(
        update(PlaceOffer)
        .where(
            PlaceOffer.school_id == school_id,
            PlaceOffer.cohort_id == cohort_id,
            PlaceOffer.parent_id == parent_id,
            PlaceOffer.state == OfferState.OPEN,
        )
        .values(state=OfferState.TAKEN, ended_at=now(), ended_by_name=steps.acting_name(BySide.SCHOOL))
    )
    session.flush()
    steps.move(session, parent, ParentStage.IN_GROUP, by_side=BySide.SCHOOL)
    record(session, PLACE_TAKEN, subject_id=parent_id)
    mark_due(session, school_id)
    enqueue(
        session,
        kind="place_offered",
        school_id=school_id,
        recipient_kind="parent",
        recipient_id=parent_id,
        subject_id=cohort_id,
        # Somebody who comes back is told again.
        dedupe_key=f"{enrolment.id}:{enrolment.joined_at.isoformat()}",
    )
    return True


def give_places(session: Session, school_id: UUID, cohort_id: UUID, parent_ids: Sequence[UUID]) -> int:
    """Give places to these parents in the order of the waiting list; how many got one now.

    Nobody gets one unless all do. Raises Refused when fewer are left, Refused, NotFound.
    """
    stage_rights.check(session, school_id, "form_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    order = {line.id: number for number, line in enumerate(parents.list_waiting(session, school_id))}
    wanted = [parent_id for parent_id in parent_ids if parent_id in order]
    own = set(list_kept_for(session, school_id, cohort_id)) & set(wanted)
    left = count_free(session, cohort) + len(own)
    if len(wanted) > left:
        if left <= 0:
            raise Refused(_("This place has gone. We can keep the next for you."))
        raise Refused(
            _("Fewer places are left than you chose. Choose %(left)s at most.", left=left), "parents"
        )
    given = 0
    for parent_id in sorted(parent_ids, key=lambda key: (order.get(key, 0), str(key))):
        given += take_place(session, school_id, cohort_id, parent_id)
    return given


def give_back_places(
    session: Session,
    school_id: UUID,
    parent_id: UUID,
    *,
    reason: str = "",
    to_stage: ParentStage = ParentStage.LEFT,
) -> int:
    """End every place that a parent holds; how many. Works in the parent's own scope too, and twice.

    The parent's stage is the caller's to change, to `to_stage`.
    """
    held = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.parent_id == parent_id,
            Enrolment.status == PlaceState.IN_GROUP,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for enrolment in held:
        enrolment.status, enrolment.left_at, enrolment.left_reason = "left", now(), reason
        if to_stage == ParentStage.WAITING:
            # By themselves: nobody has to tell them.
            enrolment.told_at = enrolment.left_at
        record(session, PLACE_GIVEN_BACK, subject_id=parent_id, to_stage=to_stage)
    session.flush()
    if held:
        mark_due(session, school_id)
    return len(held)


def remove_from_group(
    session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID, to_stage: str, reason: str = ""
) -> bool:
    """Take a parent out of a group, to `waiting` or to `left`; False when they were out already. Raises NotFound.

    Whoever waits again is told. Whoever left said so themselves, and gets no message any more.
    """
    if to_stage not in (ParentStage.WAITING, ParentStage.LEFT):
        raise ValueError(to_stage)
    lock_cohort(session, school_id, cohort_id)
    parent = steps.lock_parent(session, school_id, parent_id)
    enrolment = _find_enrolment(session, school_id, cohort_id, parent_id)
    if enrolment is None:
        raise NotFound
    if enrolment.status != PlaceState.IN_GROUP:
        return False
    steps.check_step(parent, to_stage, by_side=BySide.SCHOOL)
    enrolment.status, enrolment.left_at, enrolment.left_reason = "left", now(), reason
    session.flush()
    if to_stage == ParentStage.LEFT:
        accounts.cancel_invitations(session, parent_id)
    steps.move(session, parent, to_stage, by_side=BySide.SCHOOL, reason=reason)
    record(session, PLACE_GIVEN_BACK, subject_id=parent_id, to_stage=to_stage)
    mark_due(session, school_id)
    if to_stage == ParentStage.WAITING:
        enqueue(
            session,
            kind=ENDED_KIND,
            school_id=school_id,
            recipient_kind="parent",
            recipient_id=parent_id,
            subject_id=cohort_id,
            dedupe_key=f"{enrolment.id}:out:{enrolment.left_at.isoformat()}",
        )
    return True


def would_be_told(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """Whether a message that they are in a group no more would reach this parent."""
    return would_reach(
        session, school_id, ENDED_KIND, recipient_kind=RecipientKind.PARENT, recipient_id=parent_id
    )


def _find_enrolment(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> Enrolment | None:
    return session.scalar(
        select(Enrolment)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.parent_id == parent_id,
        )
        .execution_options(populate_existing=True)
    )
