"""The dates as an iCalendar file (RFC 5545), for any calendar. No title and no word in it says what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import icalendar
from flask_babel import gettext as _

from app.cohorts.models import CohortSession
from app.states.groups import SessionState
from infra.clock import LONDON, now

#: Names, and rules that hold for every year since 1996: desktop Outlook passes over lists of single changes.
_RULES = (
    (icalendar.TimezoneDaylight, datetime(1970, 3, 29, 1), 3, 0, 1, "BST"),  # noqa: DTZ001 - on the wall
    (icalendar.TimezoneStandard, datetime(1970, 10, 25, 2), 10, 1, 0, "GMT"),  # noqa: DTZ001 - on the wall
)


def calendar_file(sessions: Sequence[CohortSession], *, school: str, room: str, base_url: str) -> bytes:
    """The file. A session keeps its UID for life; each change of day, hour, room or state has a higher SEQUENCE.

    `base_url`: of this service; its host stands in the organiser's address, which takes no mail.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//We Belong//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add_component(_london())
    organiser = icalendar.vCalAddress(f"mailto:no-reply@{urlsplit(base_url).hostname or 'localhost'}")
    organiser.params["CN"] = icalendar.vText(school)
    for one in sessions:
        event = icalendar.Event()
        event.add("uid", f"{one.id}@session")
        event.add("dtstamp", now())
        event.add("sequence", one.revision)
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("organizer", organiser)
        event.add("summary", _("Session %(number)s", number=one.number))
        event.add("dtstart", _moment(one.on_date, one.starts_at))
        event.add("dtend", _moment(one.on_date, one.ends_at))
        event.add("location", ", ".join(filter(None, (one.room or room, school))))
        event.add("status", "CANCELLED" if one.state == SessionState.CANCELLED else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if one.state == SessionState.CANCELLED else "OPAQUE")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()


def _london() -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", LONDON.key)
    for component, since, month, before, after, name in _RULES:
        part = component()
        part.add("dtstart", since)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _moment(on: date, at: time) -> datetime:
    return datetime.combine(on, at, LONDON)
