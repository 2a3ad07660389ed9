"""Emails to outside presenters. They say where and when, and nothing of who is in a group: that is never written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.cohorts.published import SESSIONS
from app.messages.kind import About, Email, Kind, Link, _
from app.messages.parts import Message, Messages, Place, Subject, Subjects
from app.messages.problems import Problem
from app.presenters.models import Presenter
from app.presenters.queries import BOOKED, Booked, booked, starts
from app.presenters.reached import PRESENTERS
from app.shell.dates import in_words, plain_clock
from app.states.groups import SessionState
from app.states.messages import RecipientKind
from app.states.presenters import COUNT_ON_IT, PresenterState

ASKED = Kind(
    "presenter_asked",
    _("Asks a presenter whether they come"),
    RecipientKind.PRESENTER,
    about=About.PRESENTER,
    link=Link.PRESENTING,
    useful_for=timedelta(days=7),
    email=Email(
        _("Would you come to {school} on {date}?"),
        (
            _("We would like you to talk to a small group of parents and carers at {school}, about: {talk}."),
            _("It is on {date}, from {time} to {end_time}."),
            _("See where it is and who to ask for, and say whether you come: {link}"),
            _("The link is only for you."),
        ),
    ),
)
MOVED = replace(
    ASKED,
    name="presenter_moved",
    label=_("Tells a presenter of a new day, and asks again"),
    email=Email(
        _("A new day or time: {date}, {time}"),
        (
            _("The session at {school} to which you were asked has another day or time now."),
            _("It is on {date}. You would talk from {time} to {end_time}."),
            _("Please say whether you can still come: {link}"),
        ),
    ),
)
ELSEWHERE = replace(
    ASKED,
    name="presenter_elsewhere",
    label=_("Tells a presenter of another place"),
    useful_for=timedelta(days=2),
    email=Email(
        _("Another place on {date}"),
        (
            _(
                "The session at {school} on {date} now meets in another place, or online. The day and the time stay."
            ),
            _("Please look there before you set off: {link}"),
        ),
    ),
)
REMINDER = replace(
    ASKED,
    name="presenter_reminder",
    label=_("Reminds a presenter"),
    useful_for=timedelta(days=2),
    email=Email(
        _("See you on {date}, {time}"),
        (
            _("We look forward to seeing you at {school} on {date}. You talk from {time} to {end_time}."),
            _("Where it is, who to ask for, and what the group has agreed: {link}"),
            _("Can you not come any more? Please say so there, or call {phone}."),
        ),
    ),
)
CALLED_OFF = replace(
    ASKED,
    name="presenter_called_off",
    label=_("Tells a presenter that the session is off"),
    useful_for=timedelta(days=3),
    link=Link.NONE,
    email=Email(
        _("Called off: {date}, {time}"),
        (
            _("The session at {school} on {date} does not take place. You need not come."),
            _("We are sorry, and thank you."),
        ),
    ),
)
TAKEN_BACK = replace(
    CALLED_OFF,
    name="presenter_taken_back",
    label=_("Tells a presenter that they are not expected"),
    email=Email(
        _("You are not expected at {school} on {date}"),
        (
            _("The school has taken your talk on {date} off its plan. You need not come."),
            _("Is this a surprise? Call {phone}. Thank you all the same."),
        ),
    ),
)
THANKS = replace(
    CALLED_OFF,
    name="presenter_thanks",
    label=_("Thanks a presenter"),
    useful_for=timedelta(days=7),
    email=Email(
        _("Thank you from {school}"),
        (
            _("Thank you for coming to {school} on {date}, and for what you brought: {talk}."),
            _(
                "What was said in the room stays in the room. We delete your name and address four weeks from then."
            ),
        ),
    ),
)
KINDS = (ASKED, MOVED, ELSEWHERE, REMINDER, CALLED_OFF, TAKEN_BACK, THANKS)
#: In which states of its booking each still holds.
_HOLDS: dict[str, tuple[PresenterState, ...]] = {
    ASKED.name: (PresenterState.ASKED,),
    MOVED.name: (PresenterState.ASKED,),
    ELSEWHERE.name: COUNT_ON_IT,
    REMINDER.name: (PresenterState.YES,),
    CALLED_OFF.name: (PresenterState.OFF,),
    TAKEN_BACK.name: (PresenterState.TAKEN_BACK,),
    THANKS.name: (PresenterState.YES,),
}
#: They speak of a session to come that takes place.
_TO_COME = frozenset({ASKED.name, MOVED.name, ELSEWHERE.name, REMINDER.name})


@dataclass(frozen=True, slots=True)
class BookingFact:
    """Where a booking stands, and whether its session takes place."""

    state: str
    is_on: bool
    is_closed: bool
    starts_at: datetime

    def why_not(self, kind: Kind, _written_at: datetime | None, moment: datetime) -> Problem | None:
        """Why it does not go now; None when it does."""
        if self.state not in _HOLDS[kind.name]:
            is_gone = self.state == PresenterState.TAKEN_BACK
            return Problem.TAKEN_BACK if is_gone else Problem.PLAN_CHANGED
        if kind.name == THANKS.name:
            return None if self.is_closed else Problem.PLAN_CHANGED
        if kind.name in _TO_COME and not self.is_on:
            return Problem.PLAN_CHANGED
        return Problem.TOO_LATE if self.starts_at <= moment else None


def read(session: Session, messages: Sequence[Message], _place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages is about, by its id."""
    return {one: Subject(_fact(found), _fields(found)) for one, found in _read(session, messages).items()}


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, BookingFact]:
    """How they stand, by the ids of these messages."""
    return {one: _fact(found) for one, found in _read(session, messages).items()}


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox whose booking was taken back, or whose session is over."""
    over = (
        select(Presenter.id)
        .join(
            SESSIONS, (SESSIONS.c.school_id == Presenter.school_id) & (SESSIONS.c.id == Presenter.session_id)
        )
        .where(
            Presenter.school_id == outbox.school_id,
            Presenter.id == outbox.subject_id,
            (Presenter.state == PresenterState.TAKEN_BACK) | (SESSIONS.c.state == SessionState.CLOSED),
        )
    )
    return outbox.kind.in_([kind.name for kind in KINDS]) & over.exists()


def _read(session: Session, messages: Sequence[Message]) -> dict[UUID, Booked]:
    asked = BOOKED.where(
        Presenter.school_id == messages[0].owner_id,
        Presenter.id.in_({m.subject_id for m in messages if m.subject_id}),
    )
    rows = {row[0].id: booked(row) for row in session.execute(asked)}
    return {m.id: rows[m.subject_id] for m in messages if m.subject_id in rows}


def _fact(one: Booked) -> BookingFact:
    meeting = one.meeting
    return BookingFact(
        one.state,
        meeting.state == SessionState.PLANNED and one.is_under_way,
        meeting.state == SessionState.CLOSED,
        starts(meeting.on_date, meeting.starts_at),
    )


def _fields(one: Booked) -> dict[str, str]:
    return {
        "date": in_words(one.meeting.on_date),
        "time": plain_clock(one.begins),
        "end_time": plain_clock(one.ends),
        "talk": one.presenter.topic,
    }


MESSAGES = Messages(
    KINDS,
    people={RecipientKind.PRESENTER: PRESENTERS},
    subjects={About.PRESENTER: Subjects(read, stand, is_over)},
)
