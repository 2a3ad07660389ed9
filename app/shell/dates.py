"""Days and times as people say them: "Tuesday 24 November", "5:45pm". Always the time in England."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date
from flask_babel import gettext, ngettext

from app.shell.kept import kept
from app.shell.language import language
from infra.clock import LONDON, today

#: How far from today a day is known without its year: a month back, half a year ahead.
BACK, AHEAD = timedelta(days=31), timedelta(days=183)


@lru_cache(maxsize=4096)
def written(on: date, pattern: str, locale: str) -> str:
    """A day by this pattern in this language: words that are the same for everybody, found once in a process."""
    return format_date(on, pattern, locale=locale)


def shows_year(on: date) -> bool:
    """Whether this day is so far off that it could be taken for one of another year."""
    return not -BACK <= on - today() <= AHEAD


def day(value: date | datetime | None) -> str:
    """`Tuesday 24 November`, with its year unless that is plain from today; empty for none."""
    return kept(in_words(value, locale=language()))


def short_day(value: date | datetime | None) -> str:
    """`Tue 24 Nov`, with its year likewise; empty for none."""
    return kept(in_words(value, short=True, locale=language()))


def short_range(first: date, last: date) -> str:
    """`Mon 26 Oct to Fri 30 Oct`: both with their year where one of them needs it, else neither."""
    with_year = shows_year(first) or shows_year(last)
    first_words, last_words = (
        kept(in_words(one, short=True, locale=language(), always_year=with_year)) for one in (first, last)
    )
    return gettext("%(from)s to %(to)s", **{"from": first_words, "to": last_words})


def full_day(value: date | datetime | None) -> str:
    """`Tuesday 24 November 2026`: for what is kept and read years later; empty for none."""
    return kept(written(_local_date(value), "EEEE d MMMM y", language())) if value else ""


def in_words(
    value: date | datetime | None, *, short: bool = False, locale: str = "en", always_year: bool = False
) -> str:
    """A day for pages, messages and papers alike, also where no page is being made; empty for none."""
    if value is None:
        return ""
    local = _local_date(value)
    pattern = "EEE d MMM" if short else "EEEE d MMMM"
    return written(local, f"{pattern} y" if always_year or shows_year(local) else pattern, locale)


def weekday(value: date) -> str:
    """`Tuesday`."""
    return written(_local_date(value), "EEEE", language())


def month(value: date) -> str:
    """`November`."""
    return written(_local_date(value), "MMMM", language())


def month_and_year(value: date) -> str:
    """`November 2026`."""
    return written(_local_date(value), "MMMM y", language())


def clock(value: time | datetime | None) -> str:
    """`6pm`, `5:45pm`, `midday`; empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).time()
    if (value.hour, value.minute) == (12, 0):
        return gettext("midday")
    hour = value.hour % 12 or 12
    return f"{hour}{f':{value.minute:02d}' if value.minute else ''}{'am' if value.hour < 12 else 'pm'}"


def plain_clock(value: time) -> str:
    """`6:30pm`, `6:00pm`: in messages, also where no page is being made."""
    return f"{value.hour % 12 or 12}:{value.minute:02}{'am' if value.hour < 12 else 'pm'}"


def ago(value: date | datetime | None) -> str:
    """`today`, `yesterday`, `5 days ago`, `3 weeks ago`; empty for none."""
    if value is None:
        return ""
    days = (today() - _local_date(value)).days
    if days <= 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    if days < 21:
        return ngettext("%(num)s day ago", "%(num)s days ago", days)
    return ngettext("%(num)s week ago", "%(num)s weeks ago", days // 7)


def _local_date(value: date | datetime) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


FILTERS = {
    "day": day,
    "full_day": full_day,
    "short_range": short_range,
    "short_day": short_day,
    "weekday": weekday,
    "month": month,
    "month_and_year": month_and_year,
    "clock": clock,
    "ago": ago,
}
