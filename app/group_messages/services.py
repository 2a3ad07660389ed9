"""Write a short message to everybody in a group, and take it back before it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.members import list_member_ids
from app.cohorts.membership import lock_cohort
from app.cohorts.models import Cohort
from app.cohorts.queries import list_facilitator_ids
from app.group_messages import queries
from app.group_messages.messages import TO_LEADERS, TO_PARENTS
from app.group_messages.models import GroupMessage
from app.group_messages.queries import Reach
from app.group_messages.wording import refuse_unsafe, tidy
from app.meetings.queries import list_members
from app.messages.services import enqueue
from app.schools import stage_rights
from app.shell.as_shown import is_as_shown
from app.shell.errors import NotFound
from app.shell.names_in_words import names_in
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY, GroupState
from app.states.messages import RecipientKind
from app.states.schools import SchoolStage
from infra.clock import now

SENT = define("group_messages:message:sent")
STOPPED = define("group_messages:message:stopped")

#: So many a day and group: more are not read.
MOST_A_DAY = 3
#: To fewer, a message to everybody would be a message to somebody.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as the group reads it; `facilitator_id`: None for the school's staff."""

    school_id: UUID
    name: str
    facilitator_id: UUID | None = None


def check(
    session: Session, writer: Writer, cohort_id: UUID, words: str, *, names_nobody: bool
) -> tuple[str, Sequence[GroupMessage]]:
    """The words as they would go, and what the group was told before. Raises NotFound or NotLed; Refused, with why."""
    cohort = _hold_group(session, writer, cohort_id)
    before = queries.list_of_group(session, writer.school_id, cohort_id)
    if why := why_not(session, writer, cohort, before):
        raise Refused(why)
    tidied = tidy(words)
    refuse_unsafe(tidied)
    found = names_in(tidied, list_members(session, writer.school_id, cohort_id), any_case=True)
    if found and not names_nobody:
        raise Refused(
            _(
                "A name of somebody in the group stands there: %(names)s. Take it out, or tick below that it is only a"
                " word.",
                names=", ".join(found),
            ),
            "words",
        )
    return tidied, before


def send(
    session: Session, writer: Writer, cohort_id: UUID, words: str, *, names_nobody: bool
) -> GroupMessage | None:
    """Tell everybody in the group, and those who lead it with the writer. None when the same words go on the same day.

    Refused also where somebody else has written to the group since the page of this press was made.
    """
    cohort = _hold_group(session, writer, cohort_id)
    before = queries.list_of_group(session, writer.school_id, cohort.id)
    if any(same(words, one.words) for one in queries.of_that_day(before)):
        return None
    tidied, before = check(session, writer, cohort_id, words, names_nobody=names_nobody)
    if not is_as_shown(*(one.id for one in before[:1])):
        raise Refused(
            _(
                "Somebody has written to the group meanwhile. Read it below. Is yours still needed? Then go on."
            )
        )
    message = GroupMessage(
        school_id=writer.school_id,
        cohort_id=cohort_id,
        facilitator_id=writer.facilitator_id,
        by_name=writer.name,
        words=tidied,
        written_at=now(),
        goes_at=queries.goes_at(),
    )
    session.add(message)
    session.flush()
    leaders = list_facilitator_ids(session, writer.school_id, cohort_id)
    members = list_member_ids(session, writer.school_id, cohort_id)
    _tell(session, message, RecipientKind.PARENT, TO_PARENTS.name, members)
    others = [one for one in leaders if one != writer.facilitator_id]
    _tell(session, message, RecipientKind.FACILITATOR, TO_LEADERS.name, others)
    record(session, SENT, subject_id=cohort_id)
    return message


def reach_of(session: Session, writer: Writer, cohort_id: UUID) -> Reach:
    """Whom a message reaches now, with no more than the writer may know of it."""
    if writer.facilitator_id is None:
        return queries.reach_for_school(session, writer.school_id, cohort_id)
    return queries.reach_for_leader(session, cohort_id)


def why_not(session: Session, writer: Writer, cohort: Cohort, before: Sequence[GroupMessage]) -> str:
    """Why nothing can be written to this group just now; empty where it can."""
    if cohort.state not in UNDER_WAY:
        return _("This group is over, so nothing is sent to it any more.")
    stage = stage_rights.stage_of(session, cohort.school_id)
    waits = stage == SchoolStage.PAUSED and cohort.state != GroupState.RUNNING
    if waits or not stage_rights.may_now(session, cohort.school_id, "write_to_parents"):
        return stage_rights.why_not(stage)
    # Counted by whom it reaches: two who get no message make a group of three one person.
    if reach_of(session, writer, cohort.id).reached < FEWEST:
        return _(
            "A message reaches fewer than three people in this group, so one to everybody would be one to somebody."
            " Call them."
        )
    if len(queries.of_that_day(before)) >= MOST_A_DAY:
        return _(
            "This group gets three messages for that day already. More would not be read. You can write again for the"
            " next."
        )
    return ""


def stop(session: Session, writer: Writer, message_id: UUID) -> bool:
    """Take one back that has not gone; False when it was taken back before. Raises NotFound, NotLed, Refused."""
    cohort_id = queries.get_one(session, writer.school_id, message_id).cohort_id
    _hold_group(session, writer, cohort_id)
    message = session.scalar(
        select(GroupMessage)
        .where(GroupMessage.school_id == writer.school_id, GroupMessage.id == message_id)
        .execution_options(populate_existing=True)
    )
    if message is None:
        raise NotFound
    if message.stopped_at is not None:
        return False
    if writer.facilitator_id != message.facilitator_id and writer.facilitator_id is not None:
        raise Refused(_("Only who wrote it, and the school, can take it back."))
    if not queries.can_stop(message):
        raise Refused(_("It has gone. What went out cannot be taken back. You can write another one."))
    message.stopped_at, message.stopped_by_name = now(), writer.name
    session.flush()
    record(session, STOPPED, subject_id=cohort_id)
    return True


def same(words: str, other: str) -> bool:
    """Whether both say the same, whatever is written large."""
    return tidy(words).casefold() == tidy(other).casefold()


def _hold_group(session: Session, writer: Writer, cohort_id: UUID) -> Cohort:
    if writer.facilitator_id is None:
        return lock_cohort(session, writer.school_id, cohort_id)
    return get_led_cohort(session, writer.school_id, writer.facilitator_id, cohort_id, lock=True)


def _tell(
    session: Session, message: GroupMessage, to: RecipientKind, kind: str, people: Sequence[UUID]
) -> None:
    for person_id in people:
        enqueue(
            session,
            kind=kind,
            school_id=message.school_id,
            recipient_kind=to,
            recipient_id=person_id,
            subject_id=message.id,
            dedupe_key=f"{message.id}:{person_id}",
            not_before=message.goes_at,
        )
