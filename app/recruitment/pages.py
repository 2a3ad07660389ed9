"""What pages read ahead of parents: their own home, and pages of who leads them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, bindparam, select

from app.recruitment.models import Consent, Parent, ParentContact
from app.recruitment.queries import CONSENTS, by_kind, get_contact, get_parent, list_consents
from tenants.pages import looked, only, own_part

_as_consents = looked(Consent)
#: Their row, how to reach them, and what they chose.
PARTS_OF_PARENT = (
    own_part(
        get_parent,
        select(Parent).where(Parent.school_id == bindparam("school_id"), Parent.id == bindparam("parent_id")),
        only(looked(Parent)),
    ),
    own_part(
        get_contact,
        select(ParentContact).where(
            ParentContact.school_id == bindparam("school_id"),
            ParentContact.parent_id == bindparam("parent_id"),
        ),
        only(looked(ParentContact)),
    ),
    own_part(list_consents, CONSENTS, lambda rows: by_kind(_as_consents(rows))),
)


def contacts_of(chosen: Select[UUID]) -> Select[ParentContact]:
    """A statement of the contacts, in `school_id`, of whom another statement chooses."""
    return select(ParentContact).where(
        ParentContact.school_id == bindparam("school_id"), ParentContact.parent_id.in_(chosen)
    )


#: Makes of its rows what a page shows.
shown_contacts = looked(ParentContact)
