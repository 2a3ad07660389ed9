"""What a message about a place that is kept needs to know of its offer: the day, and whether it is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.cohorts.models import PlaceOffer
from app.messages.kind import Kind
from app.messages.parts import Message, Place, Subject
from app.messages.problems import Problem
from app.shell.dates import in_words
from app.states.groups import OfferState
from app.states.messages import Channel

#: The messages that offer a place, and that remind of it.
KEPT_KINDS = ("place_kept", "place_waits")


@dataclass(frozen=True, slots=True)
class OfferFact:
    """An offer, as it stands now."""

    is_open: bool

    def why_not(self, kind: Kind, written_at: datetime | None, moment: datetime) -> Problem | None:
        """Whoever has answered, or whose day has passed, is not asked."""
        return None if self.is_open else Problem.PLAN_CHANGED


def read(session: Session, messages: Sequence[Message], place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages speaks of, by its id."""
    found = _offers(session, messages)
    return {
        one.id: Subject(
            fact=OfferFact(row.state == OfferState.OPEN),
            fields={"answer_by": in_words(row.answer_by, short=one.channel is Channel.SMS)},
        )
        for one in messages
        if one.subject_id and (row := found.get(one.subject_id)) is not None
    }


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, OfferFact]:
    """How the offers of these messages stand, by the messages' ids."""
    found = _offers(session, messages)
    return {
        one.id: OfferFact(row.state == OfferState.OPEN)
        for one in messages
        if one.subject_id and (row := found.get(one.subject_id)) is not None
    }


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox that offer a place which is not kept any more."""
    still_open = select(PlaceOffer.id).where(
        PlaceOffer.school_id == outbox.school_id,
        PlaceOffer.id == outbox.subject_id,
        PlaceOffer.state == OfferState.OPEN,
    )
    kept: ColumnElement[bool] = outbox.kind.in_(KEPT_KINDS) & ~still_open.exists()
    return kept


def _offers(session: Session, messages: Sequence[Message]) -> dict[UUID, PlaceOffer]:
    rows = session.scalars(
        select(PlaceOffer).where(
            PlaceOffer.school_id == messages[0].owner_id,
            PlaceOffer.id.in_([one.subject_id for one in messages if one.subject_id]),
        )
    )
    return {row.id: row for row in rows}
