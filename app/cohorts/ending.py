"""The end of a group: thanks, certificates, and a rest for those who led it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import offers, queries
from app.cohorts.joining import forget_link
from app.cohorts.membership import list_places, lock_cohort
from app.documents.services import request_document
from app.facilitators.services import rest_after
from app.messages.services import enqueue
from app.recruitment import steps
from app.recruitment.stages import may_go
from app.rollup_due.queue import mark_due
from app.shell.refusals import Refused
from app.states.groups import SESSION_OVER, GroupState, PlaceState
from app.states.parents import BySide, ParentStage
from infra.clock import now

CLOSED = define("cohorts:cohort:closed")


def close(session: Session, school_id: UUID, cohort_id: UUID) -> bool:
    """The group is over: its parents have graduated, are thanked and get a certificate; those who led it rest.

    False when it was over. Refused too early.
    """
    cohort = lock_cohort(session, school_id, cohort_id)
    if cohort.state == GroupState.CLOSED:
        return False
    open_ones = [
        meeting.number
        for meeting in queries.list_sessions(session, school_id, cohort_id)
        if meeting.state not in SESSION_OVER
    ]
    if cohort.state != GroupState.RUNNING or open_ones:
        raise Refused(
            _(
                "A group is over when each session is closed or cancelled. Still open: %(n)s.",
                n=", ".join(map(str, open_ones)),
            )
            if open_ones
            else _("This group has not started.")
        )
    cohort.state, cohort.closed_at = "closed", now()
    for enrolment in list_places(session, school_id, cohort_id):
        enrolment.status = PlaceState.FINISHED
        parent = steps.lock_parent(session, school_id, enrolment.parent_id)
        if may_go(parent.stage, "graduated"):
            steps.move(session, parent, ParentStage.GRADUATED, by_side=BySide.SCHOOL)
        enqueue(
            session,
            kind="graduation",
            school_id=school_id,
            recipient_kind="parent",
            recipient_id=enrolment.parent_id,
            subject_id=cohort_id,
            dedupe_key=f"{cohort_id}:{enrolment.parent_id}",
        )
        _ask_for_certificate(session, school_id, cohort_id, enrolment.parent_id)
    session.flush()
    offers.end_all(session, school_id, cohort_id)
    forget_link(session, school_id, cohort_id)
    _let_rest(session, school_id, queries.list_facilitator_ids(session, school_id, cohort_id))
    record(session, CLOSED, subject_id=cohort_id)
    mark_due(session, school_id, cohort_id)
    return True


def _ask_for_certificate(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> None:
    request_document(
        session,
        kind="certificate",
        school_id=school_id,
        # Neutral on purpose: the name stays in a phone's list of downloads.
        file_name="certificate.pdf",
        subject_id=cohort_id,
        cohort_id=cohort_id,
        parent_id=parent_id,
    )


def _let_rest(session: Session, school_id: UUID, facilitator_ids: Sequence[UUID]) -> None:
    """Those who led this group and lead no other have a rest."""
    for facilitator_id in facilitator_ids:
        rest_after(session, school_id, facilitator_id)
