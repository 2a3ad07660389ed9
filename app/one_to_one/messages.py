"""Messages about calls. Whoever looks over a shoulder learns from them that there is a page to open, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from app.identity.roles import SCHOOL_STAFF, Role
from app.messages.kind import About, Email, Kind, Link, _
from app.messages.parts import Message, Messages, Place, Subject, Subjects
from app.messages.problems import Problem
from app.one_to_one.models import CallRequest
from app.states.calls import WAITING, CallState
from app.states.messages import RecipientKind

ASKED_FOR = Kind(
    "call_asked_for",
    _("Their request has reached us"),
    RecipientKind.PARENT,
    about=About.CALL,
    link=Link.CALLS,
    confidential=True,
    useful_for=timedelta(days=2),
    email=Email(
        _("We have your request"),
        (_("Thank you. We have your request."), _("See what happens next: {link}")),
    ),
    sms=(_("{school}: thank you, we have your request."), _("What happens next: {link}")),
)
#: Somebody else is to call, or the one they asked cannot: it goes on as they say.
NEWS = replace(
    ASKED_FOR,
    name="call_news",
    label=_("News of their request"),
    useful_for=timedelta(days=7),
    email=Email(
        _("News of your request"),
        (_("There is news of your request."), _("See how it goes on: {link}")),
    ),
    sms=(_("{school}: there is news of your request."), _("See how it goes on: {link}")),
)
LATE = replace(
    ASKED_FOR,
    name="call_late",
    label=_("Their request takes longer"),
    useful_for=timedelta(days=7),
    email=Email(
        _("Your request takes longer"),
        (
            _("Sorry, your request takes longer than we said."),
            _("See what you can do: {link}"),
        ),
    ),
    sms=(_("{school}: sorry, your request takes longer."), _("What you can do: {link}")),
)
TO_MAKE = Kind(
    "call_to_make",
    _("Something waits for them"),
    RecipientKind.FACILITATOR,
    about=About.CALL,
    link=Link.CALLS,
    confidential=True,
    either=True,
    useful_for=timedelta(days=4),
    email=Email(
        _("Something waits for you"),
        (_("Something new waits for you on your page."), _("Please look today or tomorrow: {link}")),
    ),
    sms=(_("{school}: something new waits for you."), _("Please look: {link}")),
)
TO_MAKE_AT_SCHOOL = replace(
    TO_MAKE,
    name="call_to_make_at_school",
    label=_("Something waits for the school"),
    to=RecipientKind.STAFF,
    confidential=False,
    either=False,
    steps=("active", "paused"),
    sms=None,
)


@dataclass(frozen=True, slots=True)
class CallFact:
    """Whether its call is still to be made, and whether its reader is still to make it."""

    is_waiting: bool
    is_theirs: bool

    def why_not(self, _kind: Kind, _written_at: datetime | None, _moment: datetime) -> Problem | None:
        """Why it does not go now; None when it does."""
        return None if self.is_waiting and self.is_theirs else Problem.TAKEN_BACK


def read(session: Session, messages: Sequence[Message], _place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages is about, by its id."""
    return {one: Subject(fact, {}) for one, fact in stand(session, messages).items()}


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, CallFact]:
    """How they stand, by the ids of these messages."""
    owner_id = messages[0].owner_id
    ids = {m.subject_id for m in messages if m.subject_id}
    asked = select(CallRequest.id, CallRequest.state, CallRequest.facilitator_id, CallRequest.owner_id).where(
        CallRequest.school_id == owner_id, CallRequest.id.in_(ids)
    )
    rows = {row.id: row for row in session.execute(asked)}
    return {m.id: _fact(rows[m.subject_id], m) for m in messages if m.subject_id in rows}


def _fact(row: Row[*tuple[Any, ...]], message: Message) -> CallFact:
    if message.recipient_kind is RecipientKind.PARENT:
        return CallFact(row.state in WAITING, True)
    if message.recipient_kind is RecipientKind.FACILITATOR:
        # Since then the parent may have let the school call.
        is_theirs = row.facilitator_id == message.recipient_id
    else:
        is_theirs = row.facilitator_id is None and row.owner_id in (None, message.recipient_id)
    return CallFact(row.state == CallState.OPEN, is_theirs)


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox whose call nobody waits for any more."""
    ended = select(CallRequest.id).where(
        CallRequest.school_id == outbox.school_id,
        CallRequest.id == outbox.subject_id,
        CallRequest.state.not_in(WAITING),
    )
    return outbox.kind.in_([kind.name for kind in KINDS]) & ended.exists()


KINDS = (ASKED_FOR, NEWS, LATE, TO_MAKE, TO_MAKE_AT_SCHOOL)

MESSAGES = Messages(
    KINDS,
    subjects={About.CALL: Subjects(read, stand, is_over)},
    pages={
        Link.CALLS: {
            Role.PARENT: "one_to_one.mine",
            Role.FACILITATOR: "one_to_one.led",
            **dict.fromkeys(SCHOOL_STAFF, "one_to_one.of_school"),
        }
    },
)
