"""What happened with a group, in words, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import DateTime, Row, String, Uuid, bindparam, column, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.audit.history import Done, done_about
from app.cohorts.models import Enrolment, GroupReason
from app.cohorts.planning import full_day
from app.cohorts.reasons import list_reasons
from app.facilitators.published import ACTORS, LEADERS
from app.recruitment.published import CONTACTS
from app.shell.kept import kept
from app.states.groups import ReasonFor
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

MOST = 30
#: The events of app/cohorts/membership.py.
TAKEN, GIVEN_BACK = "cohorts:place:taken", "cohorts:place:given_back"

_NEWEST = (
    text(
        "select a.school_id, a.id, a.event, a.details, a.at, a.subject_id, a.actor_id,"
        " coalesce(s.change_reason, '') reason, a.details ->> 'facilitator_id' leader_id"
        " from audit_event a left join cohort_session s on s.school_id = a.school_id and s.id = a.subject_id"
        " where a.school_id = :school_id and (a.subject_id = :cohort_id or a.subject_id in"
        " (select o.id from cohort_session o where o.school_id = :school_id and o.cohort_id = :cohort_id))"
        " and a.event = any (:events) order by a.at desc, a.id desc limit :most"
    )
    .columns(
        column("school_id"),
        column("id"),
        column("event"),
        column("details", JSONB),
        column("at", DateTime),
        column("subject_id", Uuid),
        column("actor_id"),
        column("reason"),
        column("leader_id", String),
    )
    .subquery("newest")
)
_EVENTS = Ready(
    select(
        _NEWEST.c.event,
        _NEWEST.c.details,
        _NEWEST.c.at,
        _NEWEST.c.subject_id,
        func.coalesce(ACTORS.c.name, "").label("who"),
        _NEWEST.c.reason,
        func.coalesce(LEADERS.c.name, "").label("leader"),
    )
    .outerjoin(ACTORS, (ACTORS.c.school_id == _NEWEST.c.school_id) & (ACTORS.c.id == _NEWEST.c.actor_id))
    .outerjoin(
        LEADERS,
        (LEADERS.c.school_id == _NEWEST.c.school_id) & (LEADERS.c.id.cast(String) == _NEWEST.c.leader_id),
    )
    .order_by(_NEWEST.c.at.desc(), _NEWEST.c.id.desc())
)
_PLACES = Ready(
    select(
        Enrolment.parent_id,
        Enrolment.joined_at,
        Enrolment.left_at,
        CONTACTS.c.name,
        Enrolment.left_reason,
    )
    .join(
        CONTACTS,
        (CONTACTS.c.school_id == Enrolment.school_id) & (CONTACTS.c.parent_id == Enrolment.parent_id),
    )
    .where(Enrolment.school_id == bindparam("school_id"), Enrolment.cohort_id == bindparam("cohort_id"))
)
_DONE = Ready(
    done_about(
        ACTORS,
        select(Enrolment.parent_id).where(
            Enrolment.school_id == bindparam("school_id"), Enrolment.cohort_id == bindparam("cohort_id")
        ),
        [TAKEN, GIVEN_BACK],
    )
)
#: Changes of a session that were given a reason, for colleagues.
_WITH_REASON = frozenset({"cohorts:session:moved", "cohorts:session:cancelled", "cohorts:session:placed"})


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, what, who did it, and a note for staff."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


@read_once
def _list_events(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[Any]:
    """What the trail has of the group and its sessions, newest first."""
    values = {"school_id": school_id, "cohort_id": cohort_id, "events": list(_WORDS), "most": MOST}
    return _EVENTS.all(session, values)


@read_once
def _list_places(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[Any]:
    return _PLACES.all(session, {"school_id": school_id, "cohort_id": cohort_id})


@read_once
def _list_done(session: Session, school_id: UUID, cohort_id: UUID) -> list[Done]:
    """Who gave and took those places."""
    return _as_done(_DONE.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _as_done(rows: Sequence[Any]) -> list[Done]:
    return [Done(*row) for row in rows]


def list_history(session: Session, school_id: UUID, cohort_id: UUID) -> list[Happened]:
    """The last thirty things that happened, places among them."""
    with together(session) as ask:
        given = ask(list_reasons, school_id, cohort_id)
        events = ask(_list_events, school_id, cohort_id)
        with_place = ask(_list_places, school_id, cohort_id)
        gave = ask(_list_done, school_id, cohort_id)
    places = with_place.value
    found, told = [], set()
    for row in events.value:
        # A session keeps the reason of its last change, so it stands at that one.
        note = row.reason if row.event in _WITH_REASON and row.subject_id not in told else ""
        if row.event in _WITH_REASON:
            told.add(row.subject_id)
        found.append(
            Happened(
                row.at, _WORDS[row.event]({**row.details, "leader": kept(row.leader)}), row.who, note=note
            )
        )
    done = gave.value
    found.extend(Happened(one.at, _why(one), one.by_name, note=one.reason) for one in given.value)
    for row in places:
        found.extend(_place(row, [one for one in done if one.subject_id == row.parent_id]))
    return sorted(found, key=lambda line: line.at, reverse=True)[:MOST]


def _place(row: Row[*tuple[Any, ...]], done: Sequence[Done]) -> list[Happened]:
    """A place taken and given back, each with whoever did it: a parent gives theirs up, staff take somebody out."""
    taken = next((one for one in done if one.event == TAKEN and one.is_of(row.joined_at)), None)
    lines = [
        Happened(
            row.joined_at, _("%(name)s has a place", name=kept(row.name)), who=taken.who if taken else ""
        )
    ]
    if row.left_at:
        ended = next((one for one in done if one.event == GIVEN_BACK and one.is_of(row.left_at)), None)
        if ended and ended.actor_id == row.parent_id:
            what = _("%(name)s gave up their place", name=kept(row.name))
        elif ended and ended.who:
            what = _("%(name)s was taken out of the group", name=kept(row.name))
        else:
            what = _("%(name)s has no place any more", name=kept(row.name))
        lines.append(Happened(row.left_at, what, who=ended.who if ended else "", note=row.left_reason))
    return lines


def _why(one: GroupReason) -> str:
    if one.what == ReasonFor.MORE_PLACES:
        return _("More places than usual: %(n)s", n=one.number)
    return ngettext("Begun with one parent", "Begun with %(num)s parents", one.number)


def _moved(details: dict[str, Any]) -> str:
    return _(
        "Session %(n)s moved from %(old)s to %(new)s",
        n=details["number"],
        old=kept(full_day(date.fromisoformat(details["from_day"]))),
        new=kept(full_day(date.fromisoformat(details["to_day"]))),
    )


def _chosen(details: dict[str, Any]) -> str:
    # From before names were kept there, or of somebody who was erased.
    if not details["leader"]:
        return _("A facilitator was chosen")
    return _("%(name)s was chosen to lead", name=details["leader"])


def _taken_off(details: dict[str, Any]) -> str:
    if not details["leader"]:
        return _("A facilitator was taken off")
    return _("%(name)s does not lead it any more", name=details["leader"])


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "cohorts:cohort:formed": lambda _details: _("Group formed, dates set"),
    "cohorts:cohort:changed": lambda _details: _("Name, room or places changed"),
    "cohorts:cohort:format_changed": lambda _details: _("It meets in another way"),
    "cohorts:cohort:join_link_changed": lambda details: (
        _("Link to join online taken away") if details.get("taken_away") else _("Link to join online set")
    ),
    "cohorts:cohort:started": lambda _details: _("Group started"),
    "cohorts:cohort:closed": lambda _details: _("Group over"),
    "cohorts:cohort:ended_early": lambda _details: _("Group ended early"),
    "cohorts:facilitator:assigned": _chosen,
    "cohorts:facilitator:unassigned": _taken_off,
    "cohorts:session:moved": _moved,
    "cohorts:session:cancelled": lambda details: _("Session %(n)s cancelled", n=details["number"]),
    "cohorts:session:placed": lambda details: _("Session %(n)s meets elsewhere", n=details["number"]),
    "cohorts:session:closed": lambda details: _("Session %(n)s closed", n=details["number"]),
    "cohorts:session:reopened": lambda details: _("Session %(n)s opened again", n=details["number"]),
    "cohorts:contact_sheet:opened": lambda _details: _("Contact sheet opened"),
}
_OF_GROUP = ("school_id", "cohort_id")
#: What the page of a group reads ahead.
PARTS = (
    Part(_list_events, _EVENTS, takes=_OF_GROUP, fixed={"events": list(_WORDS), "most": MOST}),
    Part(_list_places, _PLACES, takes=_OF_GROUP),
    Part(_list_done, _DONE, takes=_OF_GROUP, answer=_as_done),
)
