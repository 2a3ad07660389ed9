"""The borough while it is being put together: rows by table, people met so far, and what day it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from app.calendar.school_year import Term, typical_terms
from demo.keys import made_id, membership_id
from demo.people import People, Person
from infra.clock import LONDON

#: From April the dates of the next school year are out.
NEXT_YEAR_KNOWN_FROM = 4
#: How many terms ago, counted from the last that is over.
TERMS_AGO = {"last": -1, "before_last": -2, "third_last": -3}


@dataclass(frozen=True, slots=True)
class Place:
    """The school that rows are being made for: where it is and who is the desk's first name."""

    authority_id: UUID
    school_id: UUID
    urn: int
    staff_ids: tuple[UUID, ...]
    lead_name: str


@dataclass
class Borough:
    """Everything that will be written, and the day that it is told from."""

    now: datetime
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    accounts: list[dict[str, Any]] = field(default_factory=list)
    #: Invitations to staff whose links still work.
    invitations: list[dict[str, Any]] = field(default_factory=list)
    #: Who asked at another school from their own account.
    moves: list[dict[str, Any]] = field(default_factory=list)
    people: People = field(default_factory=People)
    #: Staff whom the plan names, so that one person may work in two schools.
    colleagues: dict[str, Person] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms of this and the last two school years, and of the next once they are known."""
        this = self.today.year if self.today.month >= 9 else self.today.year - 1
        last = this + (NEXT_YEAR_KNOWN_FROM <= self.today.month < 9)
        return tuple(term for year in range(this - 2, last + 1) for term in typical_terms(year))

    def term_that_was(self, when: str) -> Term:
        """A term that is over: `last`, `before_last` or `third_last`."""
        return [term for term in self.terms if term.ends_on < self.today][TERMS_AGO[when]]

    def next_term(self) -> Term:
        """The first term that has not begun."""
        return next(term for term in self.terms if term.starts_on > self.today)

    def at(self, on: date, hour: int = 10, minute: int = 0) -> datetime:
        """That moment on the clock in England, or just before now when it has not come yet."""
        moment = datetime.combine(on, time(hour, minute), tzinfo=LONDON)
        return min(moment, self.now - timedelta(minutes=5))

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """That many days before today."""
        return self.at(self.today - timedelta(days=days), hour, minute)

    def add(self, table: str, **values: Any) -> None:
        """One row of `table`."""
        self.rows[table].append(values)

    def sign_up(self, role: str, person_id: UUID, place: Place | UUID, person: Mapping[str, str]) -> None:
        """An account for somebody, or another role for somebody who has one. `place` is a school or authority."""
        address = person["email"] or person["phone"]
        self.accounts.append(
            {
                "account": made_id("account", address),
                "membership": membership_id(role, person_id),
                "email": person["email"] or None,
                "phone": person["phone"] or None,
                "name": person["name"],
                "role": role,
                "authority": place.authority_id if isinstance(place, Place) else place,
                "school": place.school_id if isinstance(place, Place) else None,
                "person": person_id,
            }
        )


def contact_of(person: Person) -> dict[str, str]:
    """What an account knows of somebody."""
    return {"name": person.name, "email": person.email, "phone": person.phone}


def between(start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` moments, evenly spread, the first at `start` and the last at `end`; `start` moves if it is later."""
    start = min(start, end - timedelta(days=count))
    step = (end - start) / max(count - 1, 1)
    return [start + index * step for index in range(count)]
