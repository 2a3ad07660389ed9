"""The two sides of the log as data: whom it is about, who writes it, whom they may hand the next step to.

Everything else is the same for both, and asks a `Subject`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import FromClause, select
from sqlalchemy.orm import Session

from app.contact_log.models import Contact, ContactWithParent, ContactWithSchool
from app.contact_log.words import LET_BE
from app.identity.roles import SCHOOL_STAFF, Role
from app.identity.websession import Identity
from app.recruitment import queries as recruitment
from app.recruitment.published import CONTACTS
from app.schools import queries as schools
from app.schools.published import COUNCIL_HERE, SCHOOLS, STAFF_HERE
from app.schools.services import lock_school
from app.states.contacts import How


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: `parent`, by staff of a school, or `school`, by its council."""

    code: Literal["parent", "school"]
    table: type[Contact]
    hows: tuple[How, ...]
    #: `place` (whose log it is), `school_id`, `subject_id`, `name` of everybody it can be about.
    subjects: FromClause
    #: `place`, `id`, `name`, `role` of everybody at work there.
    people: FromClause
    #: Of them, in which roles somebody can be handed a next step: whoever finds it on their home.
    owners: frozenset[Role]
    #: Who also sees steps whose owner has left.
    lead: Role
    #: The page that shows the log, and how addresses name whom it is about.
    home: str
    argument: str

    def place_of(self, who: Identity) -> UUID:
        """The school, or the council, whose log `who` writes."""
        return who.own_school_id if self.code == "parent" else who.authority_id


PARENTS = Side(
    "parent",
    ContactWithParent,
    tuple(How),
    select(
        CONTACTS.c.school_id.label("place"),
        CONTACTS.c.school_id,
        CONTACTS.c.parent_id.label("subject_id"),
        CONTACTS.c.name,
    ).subquery("subject"),
    select(
        STAFF_HERE.c.school_id.label("place"), STAFF_HERE.c.id, STAFF_HERE.c.name, STAFF_HERE.c.role
    ).subquery("here"),
    SCHOOL_STAFF,
    Role.SCHOOL_LEAD,
    "recruitment.show_parent",
    "parent_id",
)
SCHOOLS_OF_COUNCIL = Side(
    "school",
    ContactWithSchool,
    tuple(how for how in How if how != How.GATE),
    select(
        SCHOOLS.c.authority_id.label("place"),
        SCHOOLS.c.school_id,
        SCHOOLS.c.school_id.label("subject_id"),
        SCHOOLS.c.name,
    ).subquery("subject"),
    select(
        COUNCIL_HERE.c.authority_id.label("place"),
        COUNCIL_HERE.c.id,
        COUNCIL_HERE.c.name,
        COUNCIL_HERE.c.role,
    ).subquery("here"),
    frozenset({Role.AUTHORITY_ADMIN}),
    Role.AUTHORITY_ADMIN,
    "schools.show",
    "school_id",
)


def side_of(who: Identity) -> Side:
    """The side that `who` writes."""
    return PARENTS if who.school_id else SCHOOLS_OF_COUNCIL


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a log is about, as they stand now."""

    side: Side
    school_id: UUID
    id: UUID
    name: str
    #: Nobody was in touch about it before.
    since: datetime
    #: Whom to ask for, the number and the email address: `name`, `phone`, `email`.
    reach: Mapping[str, str]
    #: Why nobody gets in touch; empty where somebody may.
    let_be: str = ""

    @property
    def named(self) -> dict[str, Any]:
        """How the address of their page names them."""
        return {self.side.argument: self.id}


def of_parent(session: Session, who: Identity, parent_id: UUID, *, hold: bool = False) -> Subject:
    """A parent of the school of `who`, held against a step that they take meanwhile. Raises NotFound."""
    parent = recruitment.get_parent(session, who.own_school_id, parent_id, hold=hold)
    contact = recruitment.get_contact(session, who.own_school_id, parent_id)
    return Subject(
        PARENTS,
        parent.school_id,
        parent.id,
        contact.name,
        parent.created_at,
        {"name": "", "phone": contact.phone, "email": contact.email},
        next((str(words) for stage, words in LET_BE.items() if stage == parent.stage), ""),
    )


def of_school(session: Session, who: Identity, school_id: UUID, *, hold: bool = False) -> Subject:
    """A school of the council of `who`. Raises NotFound."""
    school = (
        lock_school(session, school_id, authority_id=who.authority_id)
        if hold
        else schools.get_authority_school(session, who.authority_id, school_id)
    )
    return Subject(
        SCHOOLS_OF_COUNCIL,
        school.school_id,
        school.school_id,
        school.name,
        school.created_at,
        {
            "name": school.contact_name,
            "phone": school.contact_phone or school.phone,
            "email": school.contact_email,
        },
    )
