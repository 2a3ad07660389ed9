"""The dates as an iCalendar file (RFC 5545), for any calendar. No title and no word in it says what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

import icalendar
from flask_babel import gettext as _

from app.cohorts.formats import ONLINE
from app.states.groups import SessionState
from infra.clock import LONDON

#: Names, and rules that hold for every year since 1996: desktop Outlook passes over lists of single changes.
_RULES = (
    (icalendar.TimezoneDaylight, datetime(1970, 3, 29, 1), 3, 0, 1, "BST"),  # noqa: DTZ001 - on the wall
    (icalendar.TimezoneStandard, datetime(1970, 10, 25, 2), 10, 1, 0, "GMT"),  # noqa: DTZ001 - on the wall
)


#: How often a calendar that reads an address should come back, by RFC 7986 and as Outlook asks for it.
_READ_AGAIN = timedelta(hours=6)


class Dated(Protocol):
    """A session as far as calendars read it."""

    @property
    def id(self) -> UUID: ...

    @property
    def number(self) -> int: ...

    @property
    def on_date(self) -> date: ...

    @property
    def starts_at(self) -> time: ...

    @property
    def ends_at(self) -> time: ...

    @property
    def state(self) -> str: ...

    @property
    def revision(self) -> int: ...

    @property
    def changed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as one calendar shows it. `place` may be empty; `is_doubtful`: that day is shut since."""

    session: Dated
    title: str
    place: str
    is_doubtful: bool = False


def title_of(session: Dated, group: str = "") -> str:
    """*Session 3*; for who has several groups, with the group's name."""
    if group:
        return _("Session %(number)s (%(group)s)", number=session.number, group=group)
    return _("Session %(number)s", number=session.number)


def place_words(room: str, school: str) -> str:
    """*Library, Oakfield*; what is not known is left out. Online is at no school."""
    return ONLINE.capitalize() if room == ONLINE else ", ".join(filter(None, (room, school)))


def calendar_file(entries: Sequence[Entry], *, organiser: str, base_url: str) -> bytes:
    """The dates once, as a file. A session keeps its UID for life; each change of day, hour, room or state has a higher
    SEQUENCE.

    `organiser`: whose name stands beside the dates; `base_url`: of this service, its host stands in the organiser's
    address, which takes no mail.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    sender = icalendar.vCalAddress(f"mailto:no-reply@{urlsplit(base_url).hostname or 'localhost'}")
    sender.params["CN"] = icalendar.vText(organiser)
    for event in _events(entries):
        event.add("organizer", sender)
        calendar.add_component(event)
    return calendar.to_ical()


def calendar_feed(entries: Sequence[Entry]) -> bytes:
    """The dates for a calendar that comes back for them. The same dates are the same file.

    It has a name, or programs show its address in the name's place, with the secret. It says of nobody that they send
    it: others may look into the calendar, and a name or an address of this service would tell them what it is about.
    """
    calendar = _calendar()
    calendar.add("name", _("Sessions"))
    calendar.add("x-wr-calname", _("Sessions"))
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{_READ_AGAIN // timedelta(hours=1)}H")
    for event in _events(entries):
        calendar.add_component(event)
    return calendar.to_ical()


def _calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//We Belong//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add_component(_london())
    return calendar


def _events(entries: Sequence[Entry]) -> Iterator[icalendar.Event]:
    for entry in entries:
        one = entry.session
        event = icalendar.Event()
        event.add("uid", f"{one.id}@session")
        event.add("dtstamp", one.changed_at.astimezone(UTC))
        # A day that is shut since is a change too, which the session's own count does not hold.
        event.add("sequence", 2 * one.revision + entry.is_doubtful)
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("summary", entry.title)
        event.add("dtstart", _moment(one.on_date, one.starts_at))
        event.add("dtend", _moment(one.on_date, one.ends_at))
        if entry.place:
            event.add("location", entry.place)
        event.add("status", _status(entry))
        event.add("transp", "TRANSPARENT" if one.state == SessionState.CANCELLED else "OPAQUE")
        event.add("class", "PRIVATE")
        yield event


def _status(entry: Entry) -> str:
    if entry.session.state == SessionState.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_doubtful else "CONFIRMED"


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
