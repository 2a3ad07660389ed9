"""How the sessions of a group are told of: where each stands, what changed, and what the plan is called."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.cohorts.hints import hints_on
from app.cohorts.models import CohortSession
from app.cohorts.timetable import is_to_come
from app.shell.dates import clock, short_day, weekday
from app.states.groups import SessionState


def plan_heading(sessions: Sequence[CohortSession]) -> str:
    """*Eight sessions, Mondays 6pm to 7:30pm*, by the days that are to come; without a weekday where they differ."""
    planned = [one for one in sessions if one.state != SessionState.CANCELLED] or list(sessions)
    to_come = [one for one in planned if is_to_come(one)] or planned
    if not to_come:
        return _("Sessions")
    count = ngettext("One session", "%(num)s sessions", len(planned))
    if called_off := len(sessions) - len(planned):
        count = ngettext(
            "%(count)s and one called off", "%(count)s and %(num)s called off", called_off, count=count
        )
    days = {one.on_date.weekday() for one in to_come}
    hours = {(one.starts_at, one.ends_at) for one in to_come}
    words = [count]
    if len(days) == 1:
        day = weekday(to_come[0].on_date)
        words.append(_("%(day)ss", day=day) if len(to_come) > 1 else day)
    if len(hours) == 1:
        start, end = hours.pop()
        words.append(_("%(start)s to %(end)s", start=clock(start), end=clock(end)))
    return ", ".join(words)


def state_of(one: CohortSession, following: CohortSession | None) -> str:
    """What every page says of a session: cancelled, next (`following`), done by closing or by the clock, or later."""
    if one.state == SessionState.CANCELLED:
        return "cancelled"
    if following is not None and one.id == following.id:
        return "next"
    return "later" if is_to_come(one) else "done"


def changes_of(sessions: Sequence[CohortSession]) -> dict[UUID, str]:
    """Sessions of which something has to be said: their hours where not all have the same, the day they moved from."""
    planned = [one for one in sessions if one.state != SessionState.CANCELLED]
    hours_differ = len({(one.starts_at, one.ends_at) for one in planned}) > 1
    found = {}
    for one in planned:
        words = []
        if hours_differ:
            words.append(_("%(start)s to %(end)s", start=clock(one.starts_at), end=clock(one.ends_at)))
        if one.moved_from and one.moved_from != one.on_date:
            words.append(_("moved from %(day)s", day=short_day(one.moved_from)))
        elif one.moved_from and one.moved_from_starts_at not in (None, one.starts_at):
            words.append(_("was at %(time)s", time=clock(one.moved_from_starts_at)))
        if words:
            found[one.id] = ", ".join(words)
    return found


def beside(sessions: Sequence[CohortSession]) -> dict[str, object]:
    """What stands beside the days of a group on a page for staff: what changed, and what falls on those to come."""
    return {
        "changes": changes_of(sessions),
        "hints": hints_on(one.on_date for one in sessions if is_to_come(one)),
    }
