"""What suits a parent who waits for a group, and what they need to come: said by them, or noted by staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.recruitment.models import GroupWish
from app.recruitment.queries import get_contact
from app.states.groups import WITH_LINK, GroupFormat
from app.states.wishes import DayPart, Format, Help, Weekday, part_of
from infra.clock import now
from tenants.pages import first, looked, own_part
from tenants.reading import read_once

SAID = define("recruitment:wishes:said")

#: Kept with the contact, where staff note it, and those who lead read it.
INTERPRETER = "interpreter"
DAYS = {
    Weekday.MONDAY: _l("Monday"),
    Weekday.TUESDAY: _l("Tuesday"),
    Weekday.WEDNESDAY: _l("Wednesday"),
    Weekday.THURSDAY: _l("Thursday"),
    Weekday.FRIDAY: _l("Friday"),
}
TIMES = {
    DayPart.MORNING: _l("In the morning"),
    DayPart.AFTERNOON: _l("In the afternoon"),
    DayPart.EVENING: _l("In the evening, from 5pm"),
}
FORMATS = {
    Format.ROOM: _l("In a room at the school"),
    Format.ONLINE: _l("Online"),
    Format.EITHER: _l("Either is fine"),
}
NEEDS = {
    Help.CRECHE: _l("Somebody to look after a small child"),
    INTERPRETER: _l("An interpreter"),
    Help.STEP_FREE: _l("A way in without steps"),
    Help.TRANSPORT: _l("Help with getting there"),
    Help.REFRESHMENTS: _l("Food and drink that I can have"),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody would like; an empty list of days or times: any will do."""

    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    format: str = Format.EITHER
    needs: tuple[str, ...] = ()
    #: Who of the staff noted it; empty where they said it themselves.
    by_name: str = ""

    @property
    def is_said(self) -> bool:
        """Whether day, time or way of meeting matters to them."""
        return bool(self.days or self.times) or self.format != Format.EITHER

    def meets(self, format_: str) -> bool:
        """Whether a group of this format has the way of meeting that they asked for."""
        if self.format == Format.ONLINE:
            return format_ in WITH_LINK
        return self.format == Format.EITHER or format_ != GroupFormat.ONLINE

    def suits(self, weekday: int, starts_at: time, format_: str = GroupFormat.ROOM) -> bool:
        """Whether a group that meets so, on that day of the week at that time, would suit."""
        if not self.meets(format_):
            return False
        on_day = not self.days or (weekday < len(DAYS) and list(Weekday)[weekday] in self.days)
        return on_day and (not self.times or part_of(starts_at) in self.times)

    @property
    def in_words(self) -> list[str]:
        """When and how, then what they need, as staff read it; nothing where nothing was said."""
        days = ", ".join(str(words) for day, words in DAYS.items() if day in self.days)
        times = ", ".join(str(_TIMES_FOR_STAFF[part]) for part in TIMES if part in self.times)
        found = [words for words in (days, times) if words]
        if self.format != Format.EITHER:
            found.append(_("In the room only") if self.format == Format.ROOM else _("Online only"))
        return found + [str(words) for need, words in _NEEDS_FOR_STAFF.items() if need in self.needs]


_TIMES_FOR_STAFF = {
    DayPart.MORNING: _l("mornings"),
    DayPart.AFTERNOON: _l("afternoons"),
    DayPart.EVENING: _l("evenings"),
}
_NEEDS_FOR_STAFF = {
    Help.CRECHE: _l("Needs childcare"),
    Help.STEP_FREE: _l("Needs a way in without steps"),
    Help.TRANSPORT: _l("Needs help with getting there"),
    Help.REFRESHMENTS: _l("Has food needs"),
}


@read_once
def find_row(session: Session, school_id: UUID, parent_id: UUID, *, hold: bool = False) -> GroupWish | None:
    """What one parent said, as it is now and kept so when it is to be held; None where nothing was said."""
    return session.get(
        GroupWish, (school_id, parent_id), populate_existing=hold, with_for_update=hold or None
    )


#: What a parent's home reads ahead.
MINE = own_part(
    find_row,
    select(GroupWish).where(
        GroupWish.school_id == bindparam("school_id"), GroupWish.parent_id == bindparam("parent_id")
    ),
    first(looked(GroupWish)),
)


def list_of(session: Session, school_id: UUID, parent_ids: Collection[UUID]) -> dict[UUID, Wishes]:
    """What each of these parents said, by id; who said nothing is missing."""
    rows = session.scalars(
        select(GroupWish).where(GroupWish.school_id == school_id, GroupWish.parent_id.in_(parent_ids))
    )
    return {row.parent_id: read(row) for row in rows}


def read(row: GroupWish | None) -> Wishes:
    """The same of one row."""
    if row is None:
        return Wishes()
    return Wishes(tuple(row.days), tuple(row.times), row.format, tuple(row.needs), row.by_name)


def shown(row: GroupWish | None, *, interpreter: bool) -> Mapping[str, object]:
    """What the form holds of it: the interpreter among what is needed; a question not yet answered is open."""
    own = read(row)
    return {
        "days": list(own.days),
        "times": list(own.times),
        "format": own.format if row else None,
        "needs": [*own.needs, *([INTERPRETER] if interpreter else [])],
    }


def say(
    session: Session,
    school_id: UUID,
    parent_id: UUID,
    *,
    days: Sequence[str],
    times: Sequence[str],
    format_: str,
    needs: Sequence[str],
    by_name: str = "",
) -> None:
    """Write down what suits a parent. `by_name`: who of the staff notes it. It changes no place that they have."""
    contact = get_contact(session, school_id, parent_id, hold=True)
    contact.interpreter = INTERPRETER in needs
    row = find_row(session, school_id, parent_id, hold=True)
    if row is None:
        row = GroupWish(school_id=school_id, parent_id=parent_id)
        session.add(row)
    row.days = [day for day in DAYS if day in days]
    row.times = [part for part in TIMES if part in times]
    row.format = format_
    row.needs = [need for need in Help if need in needs]
    row.by_name, row.changed_at = by_name, now()
    session.flush()
    record(session, SAID, subject_id=parent_id)
