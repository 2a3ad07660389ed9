"""When a text may go: not in the evening, not at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.messages.kind import Kind
from app.states.messages import Channel
from infra.clock import LONDON

QUIET_FROM, QUIET_UNTIL = time(20), time(8)


def next_allowed(kind: Kind, channel: Channel, moment: datetime) -> datetime:
    """`moment`, or 08:00 London time after it when a text of this kind would ring at night."""
    if channel is not Channel.SMS or not kind.quiet_hours:
        return moment
    local = moment.astimezone(LONDON)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, LONDON).astimezone(moment.tzinfo)
