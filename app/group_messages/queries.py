"""Short messages of a group, as those who write them and its parents read them; and whom one would reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.cohorts.members import list_member_ids
from app.cohorts.my_queries import my_group_ids
from app.group_messages.messages import TO_PARENTS
from app.group_messages.models import GroupMessage
from app.messages import outlook
from app.messages.queries import name_people
from app.messages.timing import next_allowed
from app.shell.errors import NotFound
from app.states.messages import Channel
from infra.clock import LONDON, now
from tenants.pages import looked, own_part
from tenants.reading import read_once

#: So long before it goes, whoever sends may read it already: it is taken back no more.
TOO_CLOSE = timedelta(minutes=1)
#: How long one is news on a parent's home.
NEW_FOR = timedelta(days=3)
_REACH = text("select people, by_text, by_email, by_none from app.group_reach(:cohort_id)")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of a group a message reaches, and how: some by both. `nobody`: names of those whom somebody has to tell,
    empty where they are not known to whoever asks."""

    people: int
    by_text: int
    by_email: int
    by_none: int
    nobody: tuple[str, ...] = ()

    @property
    def reached(self) -> int:
        return self.people - self.by_none


def list_of_group(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[GroupMessage]:
    """All that were written to a group, the newest first; also those that were taken back."""
    return session.scalars(
        select(GroupMessage)
        .where(GroupMessage.school_id == school_id, GroupMessage.cohort_id == cohort_id)
        .order_by(GroupMessage.written_at.desc(), GroupMessage.id)
    ).all()


_MINE = (
    select(GroupMessage)
    .where(
        GroupMessage.school_id == bindparam("school_id"),
        GroupMessage.cohort_id.in_(my_group_ids(bindparam("school_id"), bindparam("parent_id"))),
        GroupMessage.stopped_at.is_(None),
        GroupMessage.goes_at <= bindparam("now"),
    )
    .order_by(GroupMessage.goes_at.desc(), GroupMessage.id)
)


@read_once
def list_mine(session: Session, school_id: UUID, parent_id: UUID) -> list[GroupMessage]:
    """Those that went to the groups that this parent belongs to, the newest first."""
    return list(session.scalars(_MINE, {"school_id": school_id, "parent_id": parent_id, "now": now()}))


#: What a parent's home reads ahead.
MINE = own_part(
    list_mine,
    _MINE,
    looked(GroupMessage),
)


def get_one(session: Session, school_id: UUID, message_id: UUID) -> GroupMessage:
    """One that the reader may see. Raises NotFound."""
    found = session.scalar(
        select(GroupMessage).where(GroupMessage.school_id == school_id, GroupMessage.id == message_id)
    )
    if found is None:
        raise NotFound
    return found


def of_that_day(messages: Sequence[GroupMessage]) -> list[GroupMessage]:
    """Of these: what arrives on the day on which one written now would, and was not taken back.

    They count for how many a group gets in a day: what is written by night arrives in the morning.
    """
    day = goes_at().astimezone(LONDON).date()
    return [
        one for one in messages if one.goes_at.astimezone(LONDON).date() == day and one.stopped_at is None
    ]


def can_stop(message: GroupMessage) -> bool:
    """Whether it waits still, and may be taken back."""
    return message.stopped_at is None and message.goes_at > now() + TOO_CLOSE


def goes_at() -> datetime:
    """When one goes that is written now: at once, by night in the morning, emails and texts alike."""
    return next_allowed(TO_PARENTS, Channel.SMS, now())


@read_once
def reach_for_leader(session: Session, cohort_id: UUID) -> Reach:
    """Whom a message reaches, to somebody who leads the group: how many, and never who."""
    return Reach(*session.execute(_REACH, {"cohort_id": cohort_id}).one())


@read_once
def reach_for_school(session: Session, school_id: UUID, cohort_id: UUID) -> Reach:
    """The same to the school's staff, with the names of those whom they have to tell."""
    ids = list_member_ids(session, school_id, cohort_id)
    found = outlook.channels_of(session, school_id, TO_PARENTS.name, ids)
    nobody = [one for one, channels in found.items() if not channels]
    return Reach(
        people=len(ids),
        by_text=sum(Channel.SMS in channels for channels in found.values()),
        by_email=sum(Channel.EMAIL in channels for channels in found.values()),
        by_none=len(nobody),
        nobody=tuple(sorted(name_people(session, school_id, nobody).values())) if nobody else (),
    )
