"""When a session begins and is over, by the clock in England. Everything that depends on the hour asks here."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Protocol

from app.cohorts.calendar import session_start_utc
from infra.clock import LONDON, now


class Timed(Protocol):
    """A session as far as the clock is concerned."""

    @property
    def on_date(self) -> date: ...

    @property
    def starts_at(self) -> time: ...

    @property
    def ends_at(self) -> time: ...


def begins_at(one: Timed) -> datetime:
    """The moment at which it begins, in UTC."""
    return session_start_utc(one.on_date, one.starts_at)


def ends_at(one: Timed) -> datetime:
    """The moment at which it is planned to end, in UTC."""
    return session_start_utc(one.on_date, one.ends_at)


def has_begun(one: Timed) -> bool:
    """Whether its hour has come."""
    return begins_at(one) <= now()


def is_over(one: Timed) -> bool:
    """Whether its planned end has passed."""
    return ends_at(one) <= now()


def wall_clock() -> tuple[date, time]:
    """The date and the time that clocks in England show now: what a session's day and hours are compared with."""
    moment = now().astimezone(LONDON)
    return moment.date(), moment.time()
