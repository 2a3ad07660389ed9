"""How a group's plan is shown to its people: the eight sessions as people, and the evening to the minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.cohorts.models import Cohort, CohortSession
from app.cohorts.plan_view import changes_of, state_of
from app.cohorts.times import Timed
from app.cohorts.timetable import is_to_come, next_of, took_place, topic_title, waits_to_be_closed, weeks_off
from app.cohorts.topics import TOPICS
from app.recruitment.words import EndedEarly, ended_early
from app.shell.dates import clock, day, short_day
from app.shell.kept import kept
from app.states.groups import GroupState, NotesState, SessionState
from app.states.parents import DO_NOT_WRITE
from infra.clock import LONDON, now, today

#: Minutes of welcome, theme, home, summing up.
PARTS = (30, 20, 30, 10)


def line_of_sessions(
    sessions: Sequence[CohortSession],
    *,
    link: Callable[[CohortSession], tuple[str, str] | None],
    notices: set[UUID] | None = None,
    with_gaps: bool = False,
) -> list[dict[str, Any]]:
    """The items of the design system's `sessions`, by their days, and where asked the weeks without one in between.

    `link` gives a session's address and words, or None.
    """
    coming, changes = next_of(sessions), changes_of(sessions)
    missed = weeks_off([one.on_date for one in sessions]) if with_gaps else []
    last = max((one.on_date for one in sessions if is_to_come(one)), default=today())
    missed = [gap for gap in missed if gap < last]  # after its last session to come a group has no week off
    items: list[dict[str, Any]] = []
    usual = _usual_room([one for one in sessions if is_to_come(one)])
    for one in sorted(sessions, key=lambda one: (one.on_date, one.number)):
        while missed and missed[0] < one.on_date:
            gap = short_day(missed.pop(0))
            items.append({"state": "gap", "date": _("No meeting on %(day)s", day=gap)})
        found = link(one)
        items.append(
            {
                "number": one.number,
                "state": state_of(one, coming),
                "date": short_day(one.on_date) if not with_gaps else day(one.on_date),
                "note": _note_of(one, notices or set(), changes.get(one.id), usual=usual),
                "href": found[0] if found else None,
                "link_text": found[1] if found else None,
            }
        )
    return items


def ended_words(
    group: Cohort | None, sessions: Sequence[CohortSession], stage: str, school_stage: str
) -> EndedEarly | None:
    """What a parent at `stage` reads of their group where it ended early; None for others, and who said no or left."""
    if group is None or group.state != GroupState.CANCELLED or stage in DO_NOT_WRITE:
        return None
    return ended_early(
        has_met=any(map(took_place, sessions)),
        why=group.end_reason,
        goes_on_at=group.goes_on_at,
        stage=stage,
        school_stage=school_stage,
        on_until=clock(running.ends_at) if (running := next_of(sessions)) else "",
    )


def my_line(
    sessions: Sequence[CohortSession], notes: Mapping[UUID, str], notices: set[UUID]
) -> list[dict[str, Any]]:
    """A parent's own sessions, each with its notes or with more about it. `notes` are states by session."""

    def link(one: CohortSession) -> tuple[str, str] | None:
        if notes.get(one.id) == NotesState.SENT:
            return url_for("meetings.my_notes", session_id=one.id), _("Notes and links")
        if is_to_come(one):
            return url_for("meetings.my_session", session_id=one.id), _("More, or say you can’t come")
        return None

    return line_of_sessions(sessions, link=link, notices=notices, with_gaps=True)


def agenda(
    one: CohortSession, *, name: str, is_parent: bool, next_on: date | None, html: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The four parts of a session with words to say, and what comes after; the part that runs now is marked.

    `html` are Markup placed under the talk about home (`home`) and at the end (`after`).
    """
    topic = TOPICS.get(one.topic)
    title = topic_title(one) or _("what the group chose")
    check = _("Is there anything else you wanted to add?")
    who = (
        _(
            "Welcome. I am %(name)s, a parent who has lived this. Here are our rules. We take turns.",
            name=name,
        )
        if is_parent
        else _("Welcome. I am %(name)s. Here are our rules. We take turns.", name=kept(name))
    )
    until = _("We meet again on %(day)s.", day=day(next_on)) if next_on else _("This was our last session.")
    parts: list[dict[str, Any]] = [
        {
            "title": _("Welcome and sharing"),
            "text": _("Go round once. Anyone may pass. Say the ground rules in your own words."),
            "say": who,
            "check": _("To close: “I think you said … Have I got this right?” “%(more)s”", more=check),
        },
        {
            "title": _("Theme: %(topic)s", topic=title),
            "text": str(topic.purpose) if topic else None,
            "say": _("Today’s theme is %(topic)s. Use what helps you.", topic=title),
            "check": _("To close: “The main points will be in your notes. What will you remember?”"),
        },
        {
            "title": _("At home"),
            "text": _("In threes, then together. Listen for what people already do well."),
            "say": _("How could this look in your home? There is no right answer."),
            "check": _("To close: “I heard … Have I got this right?” “%(more)s”", more=check),
            "html": html.get("home"),
        },
        {
            "title": _("Summing up"),
            "text": _("Say back two or three things that you heard."),
            "say": _("Let us look back. The main points were …"),
            "check": _(
                "To close: “Thank you for your trust. %(until)s If today was hard, here is who can help.”",
                until=until,
            ),
        },
    ]
    at = datetime.combine(one.on_date, one.starts_at, LONDON)
    for part, minutes in zip(parts, PARTS, strict=True):
        part["clock"], part["minutes"] = _short_clock(at), minutes
        part["now"] = at <= now() < at + timedelta(minutes=minutes)
        at += timedelta(minutes=minutes)
    parts.append(
        {
            "clock": _short_clock(at),
            "minutes": _("after"),
            "title": _("When people have gone"),
            "text": _(
                "Finish the notes together before you go. They reach everybody, also those who were away."
            ),
            "html": html.get("after"),
            "now": False,
        }
    )
    return parts


def dates_title(sessions: Sequence[CohortSession]) -> str:
    """What a parent's list of dates is called: how many are to come, for whoever joins late too."""
    planned = [one for one in sessions if one.state != SessionState.CANCELLED]
    to_come = sum(is_to_come(one) for one in planned)
    if to_come == len(planned):
        return _("Your dates")
    if not to_come:
        return _("The dates of your group")
    return ngettext("Your dates, %(num)s to come", "Your dates, %(num)s to come", to_come)


def when_words(one: Timed) -> str:
    """*today*, *tomorrow* or the day."""
    days = (one.on_date - today()).days
    return {0: _("today"), 1: _("tomorrow")}.get(days) or _("on %(day)s", day=day(one.on_date))


def _short_clock(at: datetime) -> str:
    """*5:45*: the part of the day is known, and the box is narrow on a phone."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}"


def _usual_room(sessions: Sequence[CohortSession]) -> str | None:
    """Where more than half of them meet; after a change of the group's room each has it written down."""
    ((room, times),) = Counter(one.room for one in sessions).most_common(1) or [("", 0)]
    return room if times * 2 > len(sessions) else None


def _note_of(one: CohortSession, notices: set[UUID], change: str | None, *, usual: str | None) -> str:
    words = [change, topic_title(one) or (_("Your group chooses") if is_to_come(one) else "")]
    if is_to_come(one) and one.room != usual:
        words.append(one.room)
    if waits_to_be_closed([one]):
        words.append(_("notes are still to come"))
    if one.state == SessionState.CANCELLED:
        words.append(_("called off"))
    if one.id in notices:
        words.append(_("you can’t come"))
    return ", ".join(filter(None, words))
