"""Parents who live together or share a phone: a note for staff. It shares nothing, and no rule of sending asks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, scoped_session

from app.audit.trail import define, record
from app.recruitment.models import HouseholdMember, Parent, ParentContact
from app.recruitment.queries import get_contact
from infra.ids import new_id

LINKED = define("recruitment:household:linked")
PARTED = define("recruitment:household:parted")

AnySession = Session | scoped_session[Any]


@dataclass(frozen=True, slots=True)
class Housemate:
    """Somebody of the same household."""

    id: UUID
    name: str
    #: Taken out and noted again it is another household, with the same people.
    household_id: UUID


def link(session: AnySession, school_id: UUID, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Note that the two of each pair are of one household; households that meet in a pair become one."""
    for one, other in pairs:
        if not _are_both_here(session, school_id, one, other):
            continue  # a colleague has just taken one of them out of the list
        found = {
            row.parent_id: row.household_id
            for row in session.execute(
                select(HouseholdMember.parent_id, HouseholdMember.household_id).where(
                    HouseholdMember.school_id == school_id, HouseholdMember.parent_id.in_((one, other))
                )
            )
        }
        household = found.get(one) or found.get(other) or new_id()
        members = {
            one,
            other,
            *session.scalars(
                select(HouseholdMember.parent_id).where(
                    HouseholdMember.school_id == school_id, HouseholdMember.household_id.in_(found.values())
                )
            ),
        }
        session.execute(
            delete(HouseholdMember).where(
                HouseholdMember.school_id == school_id, HouseholdMember.parent_id.in_(members)
            )
        )
        session.add_all(
            HouseholdMember(school_id=school_id, household_id=household, parent_id=member)
            for member in members
        )
        session.flush()
        for member in (one, other):
            record(session, LINKED, subject_id=member)


def _are_both_here(session: AnySession, school_id: UUID, one: UUID, other: UUID) -> bool:
    """Whether both are in the list; they stay there until the change is over."""
    here = session.scalars(
        select(Parent.id)
        .where(Parent.school_id == school_id, Parent.id.in_((one, other)))
        .order_by(Parent.id)
        .with_for_update(key_share=True, read=True)
    )
    return set(here) == {one, other}


def end_of_one(session: AnySession, school_id: UUID, household_ids: Iterable[UUID]) -> None:
    """Of these households, those of which one alone is left are none any more."""
    alone = (
        select(HouseholdMember.household_id)
        .where(HouseholdMember.school_id == school_id, HouseholdMember.household_id.in_(list(household_ids)))
        .group_by(HouseholdMember.household_id)
        .having(func.count() == 1)
    )
    session.execute(
        delete(HouseholdMember).where(
            HouseholdMember.school_id == school_id, HouseholdMember.household_id.in_(alone)
        )
    )


def list_households(session: AnySession, school_id: UUID, parent_ids: Iterable[UUID]) -> list[UUID]:
    """The households of these parents."""
    return list(
        session.scalars(
            select(HouseholdMember.household_id).where(
                HouseholdMember.school_id == school_id, HouseholdMember.parent_id.in_(list(parent_ids))
            )
        )
    )


def part(session: AnySession, school_id: UUID, parent_id: UUID) -> bool:
    """Take somebody out of their household; whether they were in one. Of two the other is in none then either."""
    get_contact(session, school_id, parent_id)
    mates = list_housemates(session, school_id, parent_id)
    leaving = [parent_id, *([mates[0].id] if len(mates) == 1 else [])]
    if not mates:
        return False
    session.execute(
        delete(HouseholdMember).where(
            HouseholdMember.school_id == school_id, HouseholdMember.parent_id.in_(leaving)
        )
    )
    record(session, PARTED, subject_id=parent_id)
    return True


def list_housemates(session: AnySession, school_id: UUID, parent_id: UUID) -> list[Housemate]:
    """Who else is of this parent's household."""
    own = (
        select(HouseholdMember.household_id)
        .where(HouseholdMember.school_id == school_id, HouseholdMember.parent_id == parent_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ParentContact, HouseholdMember.household_id)
        .join(
            HouseholdMember,
            (HouseholdMember.school_id == ParentContact.school_id)
            & (HouseholdMember.parent_id == ParentContact.parent_id),
        )
        .where(
            ParentContact.school_id == school_id,
            HouseholdMember.household_id == own,
            ParentContact.parent_id != parent_id,
        )
        .order_by(ParentContact.first_name, ParentContact.parent_id)
    )
    return [Housemate(contact.parent_id, contact.name, household_id) for contact, household_id in rows]


def members_with(session: AnySession, school_id: UUID, parent_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Everybody of the households of these parents, each with their household."""
    rows = session.execute(
        select(HouseholdMember.parent_id, HouseholdMember.household_id).where(
            HouseholdMember.school_id == school_id,
            HouseholdMember.household_id.in_(list_households(session, school_id, parent_ids)),
        )
    )
    return {row.parent_id: row.household_id for row in rows}


def put_back(
    session: AnySession, school_id: UUID, parent_ids: Iterable[UUID], members: dict[UUID, UUID]
) -> None:
    """Of these parents those are members, and of these households, as they were before."""
    wanted = list(parent_ids)
    session.execute(
        delete(HouseholdMember).where(
            HouseholdMember.school_id == school_id, HouseholdMember.parent_id.in_(wanted)
        )
    )
    session.add_all(
        HouseholdMember(school_id=school_id, household_id=members[one], parent_id=one)
        for one in wanted
        if one in members
    )
    session.flush()
