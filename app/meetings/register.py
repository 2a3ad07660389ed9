"""The register of one session: of everybody who had a place while it was, whatever became of their place since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, text
from sqlalchemy.orm import Session

from app.cohorts.members import ALL_PLACES, EVER, had_place, list_all_places
from app.cohorts.models import CohortSession
from app.cohorts.times import begins_at, ends_at
from app.meetings.queries import PARTS_OF_EVENING, Member, list_marks, members_by_name
from app.recruitment.pages import contacts_of, shown_contacts
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

#: Of who left, and of a group that is over. Names alone: how to reach them is not for those who led them.
_LEFT = Ready(
    text("select parent_id, name, known_as from app.names_of_left(:session_id)").columns(
        column("parent_id", Uuid), column("name", String), column("known_as", String)
    )
)
_EVER = contacts_of(EVER)


@dataclass(frozen=True, slots=True)
class Register:
    """Who is on it, by name; their marks; and who still needs one. Whoever left, or was in a group that is over,
    has a name here and nothing else."""

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
    with together(session) as ask:
        marked = ask(list_marks, school_id, meeting)
        places = ask(list_all_places, school_id, meeting.cohort_id)
        members = ask(_list_contacts, school_id, meeting.cohort_id)
        left = ask(_list_left, meeting.id)
    marks = marked.value
    joined = {
        row.parent_id: row.joined_at
        for row in places.value
        if had_place(row, meeting) or (row.joined_at >= ends_at(meeting) and row.parent_id in marks)
    }
    people = {one.parent_id: one for one in members_by_name(members.value) if one.parent_id in joined}
    for row in left.value:
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


@read_once
def _list_contacts(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[Any]:
    """Of whoever has, or had, a place there, as far as who leads may know them."""
    return session.scalars(_EVER, {"school_id": school_id, "cohort_id": cohort_id}).all()


@read_once
def _list_left(session: Session, session_id: UUID) -> Sequence[Any]:
    return _LEFT.all(session, {"session_id": session_id})


#: What a page of one evening reads ahead.
PARTS = (
    ALL_PLACES,
    *PARTS_OF_EVENING,
    Part(_list_contacts, _EVER, takes=("school_id", "cohort_id"), answer=shown_contacts),
    Part(_list_left, _LEFT, takes=("session_id",)),
)


def _only_a_name(row: Any) -> Member:
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
