"""A short message to everybody in a group: to its parents, and to those who lead it and did not write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.cohorts.messages.facts import GroupsNow, groups_now
from app.group_messages.models import GroupMessage
from app.group_messages.wording import by_text
from app.identity.roles import Role
from app.messages.kind import About, Email, Kind, Link, Needs, _
from app.messages.parts import Message, Messages, Place, Subject, Subjects
from app.messages.problems import Problem
from app.states.groups import UNDER_WAY
from app.states.messages import RecipientKind

TO_PARENTS = Kind(
    "group_message",
    _("A short message to the group"),
    RecipientKind.PARENT,
    needs=Needs.CONSENT,
    about=About.GROUP_MESSAGE,
    link=Link.GROUP_MESSAGES,
    signed_by=_("{writer}"),
    # It speaks of tonight: the day after it would only confuse.
    useful_for=timedelta(days=1),
    email=Email(
        _("A short message from {school}"),
        (
            _("{writer} writes to everybody in your group:"),
            _("“{words}”"),
            _("It is on your page too: {link}"),
            _("Nobody reads answers to this email. Questions? Call {phone}."),
        ),
    ),
    # One of the two: the other's field is empty.
    sms=(
        _("{school}: {words_by_text}"),
        _("{school_instead}: a message to your group is on your page: {link}"),
    ),
    # A first text says who to call if it went wrong, and has no room for more.
    sms_short=(_("{school}: a message to your group: {link}"),),
)
TO_LEADERS = replace(
    TO_PARENTS,
    name="group_message_led",
    label=_("A short message to the group, to those who lead"),
    to=RecipientKind.FACILITATOR,
    needs=Needs.NOTHING,
    either=True,
    link=Link.GROUP,
    email=Email(
        _("A short message from {school}"),
        (
            _("{writer} has written to everybody in your group:"),
            _("“{words}”"),
            _("Your group: {link}"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class MessageFact:
    """The message that it carries, its group, and whether its reader belongs to it."""

    cohort_state: str
    is_in_group: bool
    was_stopped: bool

    def why_not(self, _kind: Kind, _written_at: datetime | None, _moment: datetime) -> Problem | None:
        """Why it does not go now; None when it does."""
        if self.was_stopped:
            return Problem.TAKEN_BACK
        if self.cohort_state not in UNDER_WAY:
            return Problem.PLAN_CHANGED
        return None if self.is_in_group else Problem.NOT_IN_GROUP


def fields_of_words(words: str, writer: str, school: str) -> dict[str, str]:
    """What the words of both kinds know of a message; `school`: its short name."""
    plain = by_text(words)
    return {
        "words": words,
        "writer": writer,
        "words_by_text": plain,
        "school_instead": "" if plain else school,
    }


def read(session: Session, messages: Sequence[Message], place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages carries, by its id."""
    rows, groups = _read(session, messages)
    school = place.fields["school"] if place else ""
    return {
        m.id: Subject(_fact(row, m, groups), fields_of_words(row.words, row.by_name, school))
        for m in messages
        if (row := rows.get(m.subject_id))
    }


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, MessageFact]:
    """How they stand, by the ids of these messages; in the scope of the school's staff."""
    rows, groups = _read(session, messages)
    return {m.id: _fact(row, m, groups) for m in messages if (row := rows.get(m.subject_id))}


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox whose message was taken back."""
    stopped = select(GroupMessage.id).where(
        GroupMessage.school_id == outbox.school_id,
        GroupMessage.id == outbox.subject_id,
        GroupMessage.stopped_at.is_not(None),
    )
    return outbox.kind.in_((TO_PARENTS.name, TO_LEADERS.name)) & stopped.exists()


def _read(session: Session, messages: Sequence[Message]) -> tuple[dict[UUID | None, GroupMessage], GroupsNow]:
    owner_id = messages[0].owner_id
    ids = {m.subject_id for m in messages if m.subject_id}
    asked = select(GroupMessage).where(GroupMessage.school_id == owner_id, GroupMessage.id.in_(ids))
    rows: dict[UUID | None, GroupMessage] = {row.id: row for row in session.scalars(asked)}
    return rows, groups_now(session, owner_id, {row.cohort_id for row in rows.values()})


def _fact(row: GroupMessage, message: Message, groups: GroupsNow) -> MessageFact:
    return MessageFact(
        groups.states.get(row.cohort_id, ""),
        (row.cohort_id, message.recipient_id) in groups.members,
        row.stopped_at is not None,
    )


MESSAGES = Messages(
    (TO_PARENTS, TO_LEADERS),
    subjects={About.GROUP_MESSAGE: Subjects(read, stand, is_over)},
    pages={Link.GROUP_MESSAGES: {Role.PARENT: "group_messages.mine"}},
)
