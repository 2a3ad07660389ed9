"""Who leads a group: chosen by staff, known to those who lead it already and to the safeguarding lead."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cohorts import queries
from app.cohorts.limits import FEWEST_FACILITATORS, MOST_FACILITATORS
from app.cohorts.marks import mark_due
from app.cohorts.membership import list_places, lock_cohort, refuse_over
from app.cohorts.models import CohortFacilitator
from app.cohorts.refusals import Refused
from app.facilitators.queries import get_facilitator
from app.messages.services import enqueue
from app.privacy.audit import define, record
from app.schools import stage_rights
from app.schools.queries import list_acting
from app.shell.kept import kept

ASSIGNED = define("cohorts:facilitator:assigned")
UNASSIGNED = define("cohorts:facilitator:unassigned")


def assign(session: Session, school_id: UUID, cohort_id: UUID, facilitator_id: UUID) -> bool:
    """Choose somebody to lead and tell them; False when they do already. Refused for a fifth, or who is not ready."""
    stage_rights.check(session, school_id, "run_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    refuse_over(cohort)
    person = get_facilitator(session, school_id, facilitator_id)
    here = queries.list_facilitator_ids(session, school_id, cohort_id)
    if facilitator_id in here:
        return False
    if person.stage not in ("ready", "leading"):
        raise Refused(
            _("%(name)s is not ready to lead yet. Their page says what is missing.", name=kept(person.name))
        )
    if len(here) >= MOST_FACILITATORS:
        raise Refused(_("Four people lead this group already. Take one off first."))
    taken = list_places(session, school_id, cohort_id)
    if person.parent_id and any(place.parent_id == person.parent_id for place in taken):
        raise Refused(
            _("%(name)s has a place in this group as a parent, so cannot lead it.", name=kept(person.name))
        )
    if person.stage == "ready":
        # Here, because that package asks this one who leads what.
        from app.facilitators.services import WrongStep, start_leading

        try:
            start_leading(session, school_id, facilitator_id)
        except WrongStep as wrong:
            raise Refused(str(wrong)) from None
    row = CohortFacilitator(school_id=school_id, cohort_id=cohort_id, facilitator_id=facilitator_id)
    session.add(row)
    session.flush()
    record(session, ASSIGNED, subject_id=cohort_id)
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
    told = [("leaders_changed", "facilitator", row.cohort_id, person_id) for person_id in here]
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


def unassign(session: Session, school_id: UUID, cohort_id: UUID, facilitator_id: UUID) -> bool:
    """Somebody leads this group no more; False when they did not. Refused where a running group would have one."""
    cohort = lock_cohort(session, school_id, cohort_id)
    get_facilitator(session, school_id, facilitator_id)
    refuse_over(cohort)
    row = session.get(CohortFacilitator, (school_id, cohort_id, facilitator_id))
    if row is None:
        return False
    able = set(list_acting(session, "facilitator", school_id=school_id))  # who cannot sign in leads nobody
    left = able & set(queries.list_facilitator_ids(session, school_id, cohort_id)) - {facilitator_id}
    if cohort.state == "running" and len(left) < FEWEST_FACILITATORS:
        raise Refused(_("A group that meets needs two who can sign in. Choose somebody else first."))
    session.delete(row)
    session.flush()
    record(session, UNASSIGNED, subject_id=cohort_id)
    mark_due(session, school_id)
    return True
