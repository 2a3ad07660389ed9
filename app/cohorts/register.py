"""The register of one session: of everybody who had a place while it was, whatever became of their place since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, text
from sqlalchemy.orm import Session

from app.cohorts.members import had_place
from app.cohorts.models import CohortSession, Enrolment
from app.cohorts.room_queries import Member, list_marks, members_of
from app.cohorts.times import begins_at, ends_at
from app.recruitment.queries import list_contacts

#: Names alone: how to reach somebody who left is not for those who led them.
_LEFT = text("select parent_id, name, known_as from app.names_of_left(:session_id)")


@dataclass(frozen=True, slots=True)
class Register:
    """Who is on it, by name; their marks; and who still needs one. Whoever left has a name here and nothing else."""

    people: list[Member]
    marks: dict[UUID, str]
    unmarked: list[Member]

    def __contains__(self, parent_id: UUID) -> bool:
        return any(one.parent_id == parent_id for one in self.people)


def open_register(session: Session, school_id: UUID, meeting: CohortSession) -> Register:
    """The register as those who lead see it.

    Whoever took their place while the session was going on may be marked and need not be. Whoever gave it back and took
    it again has the mark of before.
    """
    marks = list_marks(session, school_id, meeting)
    rows = session.execute(
        select(Enrolment.parent_id, Enrolment.joined_at).where(
            Enrolment.school_id == school_id,
            Enrolment.cohort_id == meeting.cohort_id,
            or_(
                had_place(meeting),
                (Enrolment.joined_at >= ends_at(meeting)) & Enrolment.parent_id.in_(list(marks)),
            ),
        )
    )
    joined = {row.parent_id: row.joined_at for row in rows}
    people = {one.parent_id: one for one in members_of(session, school_id, list(joined))}
    for row in session.execute(_LEFT, {"session_id": meeting.id}):
        if row.parent_id in joined and row.parent_id not in people:
            people[row.parent_id] = _only_a_name(row)
    named = sorted(people.values(), key=lambda one: (one.name.casefold(), str(one.parent_id)))
    return Register(
        people=named,
        marks={parent_id: mark for parent_id, mark in marks.items() if parent_id in people},
        unmarked=[
            one for one in named if one.parent_id not in marks and joined[one.parent_id] < begins_at(meeting)
        ],
    )


def _only_a_name(row: Row[*tuple[Any, ...]]) -> Member:
    return Member(
        parent_id=row.parent_id,
        name=row.name,
        known_as=row.known_as,
        phone="",
        email="",
        interpreter=False,
        language="en",
        access_needs="",
        texts_stopped=False,
        emails_stopped=False,
    )


def list_names(session: Session, school_id: UUID, meeting: CohortSession) -> list[str]:
    """The names on its register, for the school's staff and their paper; never a mark."""
    ids = session.scalars(
        select(Enrolment.parent_id).where(
            Enrolment.school_id == school_id, Enrolment.cohort_id == meeting.cohort_id, had_place(meeting)
        )
    )
    contacts = list_contacts(session, school_id, list(ids)).values()
    return [one.name for one in sorted(contacts, key=lambda one: (one.first_name, one.last_name))]
