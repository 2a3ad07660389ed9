"""A place is offered, and kept until a day: by staff to whom they choose, or to the next who waits; and how it ends.

The group is held first, then people, as everywhere (`locks.py`), then the offer: leaving the list ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.locks import hold
from app.cohorts.membership import lock_cohort, refuse_over, take_place
from app.cohorts.models import Cohort, PlaceOffer
from app.cohorts.offered import count_free
from app.cohorts.queries import list_facilitator_ids, list_sessions
from app.cohorts.same_person import leads_it
from app.cohorts.timetable import next_of, takes_newcomers
from app.messages.queries import has_left
from app.messages.services import enqueue
from app.programme.numbers import OFFER_DAYS_MOST
from app.recruitment import queries as parents
from app.recruitment import steps
from app.schools import stage_rights
from app.shell.dates import day
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.groups import OfferState
from app.states.messages import RecipientKind
from app.states.parents import READY
from infra.clock import LONDON, now, today

#: What tells somebody that a place is kept for them, and until when.
TOLD_BY = ("place_kept", "place_waits")
OFFERED = define("cohorts:offer:made", keys=("answer_by",))
ENDED = define("cohorts:offer:ended", keys=("state",))


def usual_day(cohort_next_on: date | None, days: int) -> date:
    """The day by which somebody answers who is offered a place today: after so many days, as their council says, and
    before the group meets, where it meets sooner."""
    usual = today() + timedelta(days=days)
    if cohort_next_on is None or cohort_next_on > usual:
        return usual
    return last_day(cohort_next_on)


def last_day(next_on: date) -> date:
    """The last day by which an answer comes in time for this session: the day before, and tomorrow at the soonest."""
    return max(next_on - timedelta(days=1), today() + timedelta(days=1))


def check_day(answer_by: date, next_on: date | None) -> None:
    """Refuse a day by which nobody can answer, or that keeps a place empty while the group meets."""
    if answer_by <= today():
        raise Refused(_("Choose a day after today, so that there is time to answer."), "answer_by")
    if answer_by > today() + timedelta(days=OFFER_DAYS_MOST):
        raise Refused(
            _("Choose a day within the next %(days)s days.", days=OFFER_DAYS_MOST),
            "answer_by",
        )
    if next_on is not None and answer_by > last_day(next_on):
        raise Refused(
            _("The group meets on %(day)s. Choose a day before that.", day=day(next_on)),
            "answer_by",
        )


def offer(
    session: Session,
    school_id: UUID,
    cohort_id: UUID,
    parent_ids: Sequence[UUID],
    *,
    answer_by: date,
    by_name: str,
) -> int:
    """Keep a place for each of these parents until the end of that day, and tell them; how many. None unless all.

    Raises Refused where fewer are free, or somebody is not waiting any more, or has an offer; NotFound.
    """
    stage_rights.check(session, school_id, "form_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    refuse_over(cohort)
    meetings = list_sessions(session, school_id, cohort_id)
    if not takes_newcomers(meetings):
        raise Refused(_("This group has no more sessions, so nobody can start in it now."))
    coming = next_of(meetings)
    check_day(answer_by, coming.on_date if coming else None)
    free = count_free(session, cohort)
    if len(parent_ids) > free:
        raise Refused(
            _("This place has gone. We can keep the next for you.")
            if free <= 0
            else _("Fewer places are left than you chose. Choose %(left)s at most.", left=free),
            "parents",
        )
    leaders = list_facilitator_ids(session, school_id, cohort_id)
    for parent_id in sorted(parent_ids, key=str):
        parent = steps.lock_parent(session, school_id, parent_id)
        if parent.stage not in READY:
            raise Refused(_("They are not waiting for a place any more. Open the list again."))
        if find_open(session, school_id, parent_id):
            name = parents.get_contact(session, school_id, parent_id).name
            raise Refused(
                _("A place is already kept for %(name)s. They have not answered yet.", name=kept(name)),
                "parents",
            )
        if leads_it(session, school_id, leaders, parent_id):
            raise Refused(
                _("Somebody you chose leads this group, so they cannot have a place in it as a parent.")
            )
    for parent_id in parent_ids:
        write(session, cohort, parent_id, answer_by=answer_by, by_name=by_name)
    return len(parent_ids)


def write(session: Session, cohort: Cohort, parent_id: UUID, *, answer_by: date, by_name: str = "") -> None:
    """Keep a place of a held group for somebody and tell them; `by_name` is empty where nobody pressed."""
    row = PlaceOffer(
        school_id=cohort.school_id,
        cohort_id=cohort.id,
        parent_id=parent_id,
        answer_by=answer_by,
        by_name=by_name,
    )
    session.add(row)
    session.flush()
    record(session, OFFERED, subject_id=cohort.id, answer_by=answer_by.isoformat())
    tell(session, row)


def tell(session: Session, found: PlaceOffer, *, kind: str = "place_kept") -> None:
    """Tell whom a place is kept for until when; once for each day that it was kept until."""
    enqueue(
        session,
        kind=kind,
        school_id=found.school_id,
        recipient_kind=RecipientKind.PARENT,
        recipient_id=found.parent_id,
        subject_id=found.id,
        dedupe_key=f"{found.id}:{found.answer_by}",
        not_after=end_of(found.answer_by),
    )


def end_of(answer_by: date) -> datetime:
    """The moment until which somebody may answer on that day."""
    return datetime.combine(answer_by + timedelta(days=1), time.min, LONDON)


def find_open(
    session: Session, school_id: UUID, parent_id: UUID, *, is_held: bool = False
) -> PlaceOffer | None:
    """The offer that somebody has not answered yet, as it is now; held where it is about to end."""
    query = select(PlaceOffer).where(
        PlaceOffer.school_id == school_id,
        PlaceOffer.parent_id == parent_id,
        PlaceOffer.state == OfferState.OPEN,
    )
    return session.scalar(hold(query) if is_held else query.execution_options(populate_existing=True))


def get_offer(session: Session, school_id: UUID, cohort_id: UUID, offer_id: UUID) -> PlaceOffer:
    """One offer of a group. Raises NotFound."""
    found = session.get(PlaceOffer, (school_id, offer_id), populate_existing=True)
    if found is None or found.cohort_id != cohort_id:
        raise NotFound
    return found


def note_answer(
    session: Session, school_id: UUID, cohort_id: UUID, offer_id: UUID, to_state: str, *, by_name: str
) -> None:
    """What staff heard of an offer, or that they take it back: then its reader is told. Raises Refused, NotFound."""
    lock_cohort(session, school_id, cohort_id)
    # The person before their offer: leaving the list holds them, and ends it.
    steps.lock_parent(session, school_id, get_offer(session, school_id, cohort_id, offer_id).parent_id)
    found = session.scalar(
        hold(select(PlaceOffer).where(PlaceOffer.school_id == school_id, PlaceOffer.id == offer_id))
    )
    if found is None:
        raise NotFound
    if found.state != OfferState.OPEN:
        raise Refused(_("This offer has already been answered, or has ended. This is how things stand now."))
    if to_state == OfferState.TAKEN:
        take_place(session, school_id, cohort_id, found.parent_id)
        return
    end(session, found, OfferState(to_state), by_name=by_name)


def end(session: Session, found: PlaceOffer, state: OfferState, *, by_name: str = "") -> None:
    """End a held offer. Whoever did not end it themselves, and was written to about it, is told that the place is not
    kept any more."""
    found.state, found.ended_at, found.ended_by_name = state, now(), by_name
    session.flush()
    record(session, ENDED, subject_id=found.cohort_id, state=state)
    # What was taken back before its message went was never theirs to lose.
    was_told = state is OfferState.LAPSED or has_left(
        session, found.school_id, TOLD_BY, found.id, to=found.parent_id
    )
    if state in (OfferState.LAPSED, OfferState.WITHDRAWN) and was_told:
        enqueue(
            session,
            kind="offer_ended",
            school_id=found.school_id,
            recipient_kind=RecipientKind.PARENT,
            recipient_id=found.parent_id,
            dedupe_key=str(found.id),
        )


def end_all(session: Session, school_id: UUID, cohort_id: UUID) -> None:
    """Take back every offer of a held group that is over."""
    rows = session.scalars(
        hold(
            select(PlaceOffer).where(
                PlaceOffer.school_id == school_id,
                PlaceOffer.cohort_id == cohort_id,
                PlaceOffer.state == OfferState.OPEN,
            )
        )
    )
    for found in rows.all():
        end(session, found, OfferState.WITHDRAWN)
