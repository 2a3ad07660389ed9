"""What goes no more today, because a day's number at Notify is used up: by the key that a council's messages go by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, case, select

from app.messages.models import ChannelHold, NotifyKey
from app.states.messages import Channel
from infra.clock import now


def held_until(channel: ColumnElement[str]) -> ColumnElement[datetime | None]:
    """Until when no more of `channel` go today, in the scope of a council or one of its schools: by the council's own
    key, where it has one. Empty where they go."""
    key, hold = NotifyKey.__table__.c, ChannelHold.__table__.c
    of_key = case((channel == Channel.SMS, key.sms_until), else_=key.email_until)
    by_own = select(of_key).where(key.ended_at.is_(None)).scalar_subquery()
    by_service = select(hold.until).where(hold.channel == channel).scalar_subquery()
    has_own = select(key.authority_id).where(key.ended_at.is_(None)).exists()
    until = case((has_own, by_own), else_=by_service)
    return case((until > now(), until))
