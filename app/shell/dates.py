"""Days and times as people say them: "Tuesday 24 November", "5:45pm". Always the time in England."""

from __future__ import annotations

from datetime import date, datetime, time

from flask_babel import format_date, gettext

from infra.clock import LONDON, today


def day(value: date | datetime | None) -> str:
    """`Tuesday 24 November`, with the year when it is not this one; empty for none."""
    if value is None:
        return ""
    local = _local_date(value)
    return format_date(local, "EEEE d MMMM" if local.year == today().year else "EEEE d MMMM y")


def short_day(value: date | datetime | None) -> str:
    """`Tue 24 Nov`; empty for none."""
    return format_date(_local_date(value), "EEE d MMM") if value else ""


def weekday(value: date) -> str:
    """`Tuesday`."""
    return format_date(value, "EEEE")


def month(value: date) -> str:
    """`November`."""
    return format_date(value, "MMMM")


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
        return gettext("%(days)s days ago", days=days)
    return gettext("%(weeks)s weeks ago", weeks=days // 7)


def _local_date(value: date | datetime) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


FILTERS = {"day": day, "short_day": short_day, "weekday": weekday, "month": month, "clock": clock, "ago": ago}
