"""What happened with a group, in words, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.cohorts.planning import full_day

MOST = 30

_EVENTS = text(
    "select a.event, a.details, a.at, coalesce(m.name, '') who from audit_event a"
    " left join staff_member m on m.school_id = a.school_id and m.id = a.actor_id"
    " where a.school_id = :school_id and (a.subject_id = :cohort_id or a.subject_id in"
    " (select s.id from cohort_session s where s.school_id = :school_id and s.cohort_id = :cohort_id))"
    " and a.event = any (:events) order by a.at desc, a.id desc limit :most"
)
_PLACES = text(
    "select e.joined_at, e.left_at, trim(c.first_name || ' ' || c.last_name) as name, e.left_reason from enrolment e"
    " join parent_contact c on c.school_id = e.school_id and c.parent_id = e.parent_id"
    " where e.school_id = :school_id and e.cohort_id = :cohort_id"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, what, who did it, and a note for staff."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


def list_history(session: Session, school_id: UUID, cohort_id: UUID) -> list[Happened]:
    """The last thirty things that happened, places among them."""
    values = {"school_id": school_id, "cohort_id": cohort_id}
    events = session.execute(_EVENTS, {**values, "events": list(_WORDS), "most": MOST})
    found = [Happened(row.at, _WORDS[row.event](row.details), row.who) for row in events]
    for row in session.execute(_PLACES, values):
        found.extend(_place(row))
    return sorted(found, key=lambda line: line.at, reverse=True)[:MOST]


def _place(row: Row[Any]) -> list[Happened]:
    lines = [Happened(row.joined_at, _("%(name)s has a place", name=row.name))]
    if row.left_at:
        lines.append(
            Happened(row.left_at, _("%(name)s gave up their place", name=row.name), note=row.left_reason)
        )
    return lines


def _moved(details: dict[str, Any]) -> str:
    return _(
        "Session %(n)s moved from %(old)s to %(new)s",
        n=details["number"],
        old=full_day(date.fromisoformat(details["from_day"])),
        new=full_day(date.fromisoformat(details["to_day"])),
    )


_WORDS = {
    "cohorts:cohort:formed": lambda _details: _("Group formed, dates set"),
    "cohorts:cohort:changed": lambda _details: _("Name, room or places changed"),
    "cohorts:cohort:started": lambda _details: _("Group started"),
    "cohorts:cohort:closed": lambda _details: _("Group over"),
    "cohorts:facilitator:assigned": lambda _details: _("A facilitator was chosen"),
    "cohorts:facilitator:unassigned": lambda _details: _("A facilitator was taken off"),
    "cohorts:session:moved": _moved,
    "cohorts:session:cancelled": lambda details: _("Session %(n)s cancelled", n=details["number"]),
    "cohorts:session:closed": lambda details: _("Session %(n)s closed", n=details["number"]),
    "cohorts:session:reopened": lambda details: _("Session %(n)s opened again", n=details["number"]),
    "cohorts:contact_sheet:opened": lambda _details: _("Contact sheet opened"),
}
