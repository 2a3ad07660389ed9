"""How many messages went in which month, and what texts cost: a council's in steps of 50, a school's own as they are.

A council reads no number of people, and none that points at a few: the database rounds (`app.message_usage`), under 50
is said as that, also where none went, and a month is shown once it is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import func, literal, select, text
from sqlalchemy.orm import Session

from app.messages.holds import held_until
from app.messages.models import Outbox
from app.messages.queries import confidential
from app.states.messages import Channel
from infra.clock import LONDON, today
from infra.settings import Settings

_OF_COUNCIL = text("select school_id, month, channel, number from app.message_usage(:since)")
_TEXTS_OF_YEAR = text("select app.texts_since(:since)")
_T = Outbox.__table__.c

#: Where a year of Notify's free texts begins.
YEAR_BEGINS = 4
MONTHS = 12
#: The step in which a council reads numbers; less is said as less.
STEP = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """Of one month: emails, and texts by the number that they were sent as."""

    emails: int = 0
    texts: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """Of each month that is over, the newest first: of each school, and of all together with the council's own."""

    months: tuple[date, ...]
    by_school: Mapping[tuple[UUID, date], Sent] = field(default_factory=dict)
    by_month: Mapping[date, Sent] = field(default_factory=dict)

    def of(self, school_id: UUID, month: date) -> Sent:
        return self.by_school.get((school_id, month), Sent())

    def total(self, month: date) -> Sent:
        return self.by_month.get(month, Sent())


@dataclass(frozen=True, slots=True)
class Cost:
    """What the texts of Notify's year came to by the end of the last month; `until` is its last day, None in the first
    month of the year."""

    since: date
    until: date | None
    texts: int
    free: int
    pence: Decimal
    prices_from: date

    @property
    def left(self) -> int:
        return max(self.free - self.texts, 0)

    @property
    def pounds(self) -> Decimal:
        return max(self.texts - self.free, 0) * self.pence / 100


def months_before(day: date, count: int = MONTHS) -> tuple[date, ...]:
    """The first days of so many months that are over, the newest first."""
    found, month = [], day.replace(day=1)
    for _number in range(count):
        month = (
            month.replace(year=month.year - 1, month=12)
            if month.month == 1
            else month.replace(month=month.month - 1)
        )
        found.append(month)
    return tuple(found)


def year_begin(day: date) -> date:
    """The day on which the year of free texts began that `day` belongs to."""
    return date(day.year - (day.month < YEAR_BEGINS), YEAR_BEGINS, 1)


def of_council(session: Session) -> Usage:
    """Of the council whose scope this is."""
    months = months_before(today())
    by_school: dict[tuple[UUID, date], Sent] = {}
    by_month: dict[date, Sent] = {}
    for row in session.execute(_OF_COUNCIL, {"since": months[-1]}):
        if row.school_id is None:
            by_month[row.month] = _with(by_month.get(row.month, Sent()), row.channel, row.number)
        else:
            key = row.school_id, row.month
            by_school[key] = _with(by_school.get(key, Sent()), row.channel, row.number)
    return Usage(months, by_school, by_month)


def cost_of(session: Session, settings: Settings) -> Cost:
    """What the texts of this year came to for the council whose scope this is, rounded once from all of them."""
    since, this_month = year_begin(today()), today().replace(day=1)
    texts = session.execute(_TEXTS_OF_YEAR, {"since": since}).scalar_one()
    return Cost(
        since,
        this_month - timedelta(days=1) if this_month > since else None,
        texts,
        settings.notify_free_texts,
        settings.notify_text_pence,
        settings.notify_prices_from,
    )


def of_school(session: Session, school_id: UUID) -> list[tuple[date, Sent]]:
    """A school's own, of this month and those before, the newest first; not what only some of its staff may know of."""
    months = (today().replace(day=1), *months_before(today()))
    month = func.date_trunc("month", func.timezone("Europe/London", _T.sent_at))
    rows = session.execute(
        select(month.label("month"), _T.channel, func.sum(func.coalesce(_T.parts, 1)).label("number"))
        .where(
            _T.school_id == school_id,
            _T.kind.not_in(confidential()),
            _T.sent_at >= datetime.combine(months[-1], datetime.min.time(), LONDON),
        )
        .group_by(month, _T.channel)
    )
    found: dict[date, Sent] = {}
    for row in rows:
        first = row.month.date()
        found[first] = _with(found.get(first, Sent()), row.channel, int(row.number))
    return [(one, found.get(one, Sent())) for one in months]


def held_words(session: Session) -> str:
    """Of what no more can go today; empty where all goes."""
    rows = session.execute(
        select(*(held_until(literal(one.value)).label(one.value) for one in Channel))
    ).one()
    held = {channel for channel in Channel if rows._mapping[channel.value] is not None}
    if not held:
        return ""
    if held == {Channel.SMS}:
        return _("No more texts can go today. They wait, and go after midnight.")
    if held == {Channel.EMAIL}:
        return _("No more emails can go today. They wait, and go after midnight.")
    return _("No more messages can go today. They wait, and go after midnight.")


def rounded_words(number: int) -> str:
    """A number as a council reads it."""
    return format_decimal(number) if number else _("under %(step)s", step=STEP)


def _with(sent: Sent, channel: str, number: int) -> Sent:
    return Sent(number, sent.texts) if channel == Channel.EMAIL else Sent(sent.emails, number)
