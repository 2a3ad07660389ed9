"""What a parent's home reads ahead of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from app.recruitment.models import Consent, Parent, ParentContact
from app.recruitment.queries import CONSENTS, by_kind, get_contact, get_parent, list_consents
from tenants.pages import Part, looked, only

_MINE: Mapping[str, Any] = {"takes": ("school_id", "person_id"), "names": {"parent_id": "person_id"}}
_as_consents = looked(Consent)
#: Their row, how to reach them, and what they chose.
PARTS_OF_PARENT = (
    Part(
        get_parent,
        select(Parent).where(Parent.school_id == bindparam("school_id"), Parent.id == bindparam("parent_id")),
        answer=only(looked(Parent)),
        **_MINE,
    ),
    Part(
        get_contact,
        select(ParentContact).where(
            ParentContact.school_id == bindparam("school_id"),
            ParentContact.parent_id == bindparam("parent_id"),
        ),
        answer=only(looked(ParentContact)),
        **_MINE,
    ),
    Part(list_consents, CONSENTS, answer=lambda rows: by_kind(_as_consents(rows)), **_MINE),
)
