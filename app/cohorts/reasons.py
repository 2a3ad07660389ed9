"""Why a group is larger than the usual, or began with fewer: kept with who said so, and read in its history."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, GroupReason
from app.programme.numbers import FEWEST_PARENTS, MOST_PARENTS
from app.shell.refusals import Refused
from app.shell.validators import says_something
from app.states.groups import ReasonFor
from tenants.pages import Part, looked
from tenants.reading import read_once


def say_why_larger(session: Session, cohort: Cohort, places: int, reason: str, *, by_name: str) -> None:
    """Keep the reason for giving a held group more than the usual places. Raises Refused without one."""
    if places <= MOST_PARENTS or places <= cohort.places:
        if reason:
            raise Refused(
                _("No reason is needed for this number of places. Take it out, or change the number."),
                "places_reason",
            )
        return
    if not says_something(reason):
        raise Refused(
            _("A group is meant for %(most)s at most. Say why this one has more.", most=MOST_PARENTS),
            "places_reason",
        )
    _keep(session, cohort, ReasonFor.MORE_PLACES, places, reason, by_name)


def say_why_smaller(session: Session, cohort: Cohort, parents: int, reason: str, *, by_name: str) -> None:
    """Keep the reason for beginning with fewer than the usual. Raises Refused without one."""
    if parents >= FEWEST_PARENTS:
        return
    if not says_something(reason):
        raise Refused(
            _(
                "A group is meant to begin with %(fewest)s. Say why this one begins with fewer.",
                fewest=FEWEST_PARENTS,
            ),
            "reason",
        )
    _keep(session, cohort, ReasonFor.BEGAN_SMALL, parents, reason, by_name)


def _keep(session: Session, cohort: Cohort, what: ReasonFor, number: int, reason: str, by_name: str) -> None:
    session.add(
        GroupReason(
            school_id=cohort.school_id,
            cohort_id=cohort.id,
            what=what,
            number=number,
            reason=reason,
            by_name=by_name,
        )
    )
    session.flush()


_REASONS = select(GroupReason).where(
    GroupReason.school_id == bindparam("school_id"), GroupReason.cohort_id == bindparam("cohort_id")
)


@read_once
def list_reasons(session: Session, school_id: UUID, cohort_id: UUID) -> list[GroupReason]:
    """Every reason that was given for a group."""
    return list(session.scalars(_REASONS, {"school_id": school_id, "cohort_id": cohort_id}))


REASONS = Part(list_reasons, _REASONS, takes=("school_id", "cohort_id"), answer=looked(GroupReason))
