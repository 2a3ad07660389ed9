"""Who leads a group: chosen by staff, known to those who lead it already and to the safeguarding lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import queries
from app.cohorts.membership import list_places, lock_cohort, refuse_over
from app.cohorts.models import Cohort, CohortFacilitator
from app.cohorts.offered import list_kept_for
from app.cohorts.same_person import is_among
from app.facilitators.models import Facilitator
from app.facilitators.queries import get_facilitator
from app.facilitators.services import start_leading, stop_leading
from app.messages.outlook import would_reach
from app.messages.services import enqueue
from app.programme.numbers import FEWEST_FACILITATORS, MOST_FACILITATORS
from app.rollup_due.queue import mark_due
from app.schools import stage_rights
from app.schools.queries import list_acting
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.facilitators import MAY_LEAD
from app.states.groups import UNDER_WAY, GroupState
from app.states.messages import RecipientKind
from tenants.together import together

ASSIGNED = define("cohorts:facilitator:assigned", keys=("facilitator_id",))
UNASSIGNED = define("cohorts:facilitator:unassigned", keys=("facilitator_id",))


def assign(session: Session, school_id: UUID, cohort_id: UUID, facilitator_id: UUID) -> bool:
    """Choose somebody to lead and tell them; False when they do already. Refused for a fifth, or who is not ready."""
    stage_rights.check(session, school_id, "run_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    refuse_over(cohort)
    person = get_facilitator(session, school_id, facilitator_id, hold=True)
    here = queries.list_facilitator_ids(session, school_id, cohort_id)
    if facilitator_id in here:
        return False
    if person.stage not in MAY_LEAD:
        raise Refused(
            _("%(name)s is not ready to lead yet. Their page says what is missing.", name=kept(person.name))
        )
    if len(here) >= MOST_FACILITATORS:
        raise Refused(_("Four people lead this group already. Take one off first."))
    taken = list_places(session, school_id, cohort_id)
    kept_for = list_kept_for(session, school_id, cohort_id)
    if is_among(session, person, [*(place.parent_id for place in taken), *kept_for]):
        raise Refused(
            _("%(name)s has a place in this group as a parent, so cannot lead it.", name=kept(person.name))
        )
    start_leading(session, school_id, facilitator_id)
    row = CohortFacilitator(school_id=school_id, cohort_id=cohort_id, facilitator_id=facilitator_id)
    session.add(row)
    session.flush()
    record(session, ASSIGNED, subject_id=cohort_id, facilitator_id=str(facilitator_id))
    mark_due(session, school_id)
    enqueue(
        session,
        kind="facilitator_assigned",
        school_id=school_id,
        recipient_kind="facilitator",
        recipient_id=facilitator_id,
        subject_id=cohort_id,
        dedupe_key=f"{cohort_id}:{facilitator_id}:{row.assigned_at.isoformat()}",
    )
    if taken:
        _tell_of_leader(session, school_id, row, here)
    return True


def _tell_of_leader(session: Session, school_id: UUID, row: CohortFacilitator, here: Sequence[UUID]) -> None:
    """Somebody comes to parents' names and their register: those who lead with them and the safeguarding lead hear."""
    told: list[tuple[str, str, UUID | None, UUID]] = [
        ("leaders_changed", "facilitator", row.cohort_id, person_id) for person_id in here
    ]
    told += [
        ("group_leaders_changed", "staff", None, person_id)
        for person_id in list_acting(session, "school_dsl", school_id=school_id)
    ]
    for kind, recipient_kind, subject_id, person_id in told:
        enqueue(
            session,
            kind=kind,
            school_id=school_id,
            recipient_kind=recipient_kind,
            recipient_id=person_id,
            subject_id=subject_id,
            dedupe_key=f"{row.cohort_id}:{row.facilitator_id}:{row.assigned_at.isoformat()}:{person_id}",
        )


@dataclass(frozen=True, slots=True)
class TakingOff:
    """What becomes of a group when somebody leads it no more; `why_not`: why they cannot be taken off now."""

    person: Facilitator
    leads: bool
    #: Since when they do; None where they do not.
    leads_since: datetime | None
    #: Names of those who lead it then.
    left: list[str]
    reaches_them: bool
    why_not: str


def look_ahead(session: Session, school_id: UUID, cohort: Cohort, facilitator_id: UUID) -> TakingOff:
    """What taking somebody off would do, for the page that asks. Raises NotFound."""
    with together(session) as ask:
        person = ask(get_facilitator, school_id, facilitator_id)
        leading = ask(queries.list_leaders, school_id, cohort.id)
        since = ask(_leads_since, school_id, cohort.id, facilitator_id)
        reaches_them = ask(
            would_reach,
            school_id,
            "facilitator_unassigned",
            recipient_kind=RecipientKind.FACILITATOR,
            recipient_id=facilitator_id,
        )
    leaders = leading.value
    return TakingOff(
        person=person.value,
        leads=any(one.id == facilitator_id for one in leaders),
        leads_since=since.value,
        left=[one.name for one in leaders if one.id != facilitator_id],
        reaches_them=reaches_them.value,
        why_not=_why_not_off(session, cohort, facilitator_id),
    )


def _leads_since(session: Session, school_id: UUID, cohort_id: UUID, facilitator_id: UUID) -> datetime | None:
    return session.scalar(
        select(CohortFacilitator.assigned_at).where(
            CohortFacilitator.school_id == school_id,
            CohortFacilitator.cohort_id == cohort_id,
            CohortFacilitator.facilitator_id == facilitator_id,
        )
    )


def unassign(session: Session, school_id: UUID, cohort_id: UUID, facilitator_id: UUID) -> bool:
    """Somebody leads this group no more: they and those who led it with them are told. False when they did not.

    Whoever leads no other group may be chosen again. Refused where a running group would have one.
    """
    cohort = lock_cohort(session, school_id, cohort_id)
    get_facilitator(session, school_id, facilitator_id)
    refuse_over(cohort)
    row = session.get(CohortFacilitator, (school_id, cohort_id, facilitator_id), populate_existing=True)
    if row is None:
        return False
    if why_not := _why_not_off(session, cohort, facilitator_id):
        raise Refused(why_not)
    _take_off(session, row)
    stop_leading(
        session, school_id, facilitator_id, _("Does not lead %(group)s any more.", group=cohort.name)
    )
    return True


def take_off_all(session: Session, school_id: UUID, facilitator_id: UUID) -> list[str]:
    """Somebody may lead nobody from now on: names of the groups that they led and that are not over.

    A group is not asked whether it can spare them: with too few it asks its school for somebody else. They are told
    that something is missing, and not that they lead one group less: their own pages are shut.
    """
    rows = session.execute(
        select(CohortFacilitator, Cohort.name)
        .join(
            Cohort,
            (Cohort.school_id == CohortFacilitator.school_id) & (Cohort.id == CohortFacilitator.cohort_id),
        )
        .where(
            CohortFacilitator.school_id == school_id,
            CohortFacilitator.facilitator_id == facilitator_id,
            Cohort.state.in_(UNDER_WAY),
        )
        .order_by(Cohort.name, Cohort.id)
    ).all()
    for row, _name in rows:
        _take_off(session, row, "not_leading_now")
    return [name for _row, name in rows]


def _take_off(session: Session, row: CohortFacilitator, told_by: str = "facilitator_unassigned") -> None:
    """Nobody leads by this row any more: they and those who led with them are told."""
    school_id, cohort_id, facilitator_id = row.school_id, row.cohort_id, row.facilitator_id
    since = row.assigned_at.isoformat()
    session.delete(row)
    session.flush()
    record(session, UNASSIGNED, subject_id=cohort_id, facilitator_id=str(facilitator_id))
    mark_due(session, school_id)
    told = [(told_by, facilitator_id)]
    told += [
        ("leaders_changed", person_id)
        for person_id in queries.list_facilitator_ids(session, school_id, cohort_id)
    ]
    for kind, person_id in told:
        enqueue(
            session,
            kind=kind,
            school_id=school_id,
            recipient_kind="facilitator",
            recipient_id=person_id,
            subject_id=cohort_id,
            dedupe_key=f"{cohort_id}:{facilitator_id}:off:{since}:{person_id}",
        )


def _why_not_off(session: Session, cohort: Cohort, facilitator_id: UUID) -> str:
    """Why a group cannot spare somebody, in words; empty when it can."""
    able = set(
        list_acting(session, "facilitator", school_id=cohort.school_id)
    )  # who cannot sign in leads nobody
    led_by = set(queries.list_facilitator_ids(session, cohort.school_id, cohort.id))
    if cohort.state == GroupState.RUNNING and len(able & led_by - {facilitator_id}) < FEWEST_FACILITATORS:
        return _("A group that meets needs two who can sign in. Choose somebody else first.")
    return ""
