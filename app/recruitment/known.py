"""Who of a school's list somebody may be who asks to come into it, and what they give that the list does not have.

Possible, and never certain: couples share a number, names are common, and on a public page anybody writes anything.
Staff say who it is, and what of it goes into the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.recruitment import sharing
from app.recruitment.consents import LANGUAGES
from app.recruitment.models import Parent, ParentContact
from app.recruitment.queries import find_same, get_contact, get_profile
from app.recruitment.services import CONTACT, PROFILE, ParentDetails, change_parent
from app.recruitment.stages import STAGES
from app.shell.parsing import full_name, readable_phone

#: What somebody may give that the list has otherwise.
DIFFERS = ("phone", "email", "language")
#: How many are named who may be the same.
MOST = 8


class Asking(Protocol):
    """Somebody who asks, or is passed on."""

    first_name: str
    last_name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A parent in the list who has their name, their number or their email."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    stage: str

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def words(self) -> str:
        """Who they are, for whoever has to choose between them."""
        ways = [readable_phone(self.phone)] if self.phone else []
        return ", ".join([self.name, *ways, *filter(None, [self.email]), str(STAGES[self.stage].label)])

    @property
    def marks(self) -> str:
        """For a press that counts for what its page showed."""
        return "|".join((str(self.id), self.name, self.email, self.phone, self.language, self.stage))


@dataclass(frozen=True, slots=True)
class Known:
    """What staff should know of their list before they take somebody into it."""

    #: Stands there already, by name and address.
    same: Alike | None
    #: Who else may be them; nobody, where somebody is the same.
    alike: tuple[Alike, ...]
    #: Who else has the number or the email, and whether they share it, as a question.
    shared: str
    #: What people of the same name said.
    others: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """What a press of the page that shows this counts for."""
        them = (self.same, *self.alike) if self.same else self.alike
        return (self.shared, *self.others, *(one.marks for one in them))

    def differs(self, person: Asking) -> tuple[str, ...]:
        """What of `person` the list does not have of whoever they may be."""
        them = (self.same,) if self.same else self.alike
        return tuple(
            name
            for name in DIFFERS
            if getattr(person, name) and any(getattr(one, name) != getattr(person, name) for one in them)
        )


def known_beside(session: Session, school_id: UUID, person: Asking) -> Known:
    """What staff should know of their list before they take `person` into it."""
    same_id = find_same(session, school_id, person)
    them = _list_alike(session, school_id, person, same_id)
    same = next((one for one in them if one.id == same_id), None)
    but = get_contact(session, school_id, same.id) if same else None
    shared = sharing.whose(session, school_id, person, but=but)
    names = func.lower(ParentContact.first_name), func.lower(ParentContact.last_name)
    is_named = tuple_(*names) == (person.first_name.lower(), person.last_name.lower())
    out = sharing.list_like(session, school_id, is_named)
    others = [sharing.said(one) for one in out if same or one not in sharing.at_addresses_of(person, out)]
    return Known(same, () if same else tuple(them), shared, tuple(others))


def take_from(
    session: Session, school_id: UUID, parent_id: UUID, person: ParentDetails, take: Sequence[str]
) -> list[str]:
    """Put what `take` names of `person` into the list, in the place of what stands there; what to remember of it.

    Raises NotFound; Refused as `change_parent`.
    """
    contact = get_contact(session, school_id, parent_id)
    profile = get_profile(session, school_id, parent_id)
    new = {
        name: getattr(person, name)
        for name in DIFFERS
        if getattr(person, name) and getattr(person, name) != getattr(contact, name)
    }
    taken = {name: value for name, value in new.items() if name in take}
    if taken:
        own = ParentDetails(
            **{name: getattr(contact, name) for name in CONTACT},
            **{name: getattr(profile, name) for name in PROFILE},
            is_shared=person.is_shared,
        )
        change_parent(session, school_id, parent_id, replace(own, **taken))
    told = {
        "phone": (_("Their new mobile number is in the list."), _("They wrote another mobile number.")),
        "email": (_("Their new email address is in the list."), _("They wrote another email address.")),
        "language": (
            _("Their language is in the list."),
            _(
                "They wrote that they read %(language)s best.",
                language=LANGUAGES.get(person.language, person.language),
            ),
        ),
    }
    return [told[name][0 if name in taken else 1] for name in new]


def _list_alike(session: Session, school_id: UUID, person: Asking, same_id: UUID | None) -> list[Alike]:
    contact = ParentContact
    names = func.lower(contact.first_name), func.lower(contact.last_name)
    is_like = [tuple_(*names) == (person.first_name.lower(), person.last_name.lower())]
    is_like += [contact.phone == person.phone] if person.phone else []
    is_like += [contact.email == person.email] if person.email else []
    rows = session.execute(
        select(
            contact.parent_id,
            contact.first_name,
            contact.last_name,
            contact.email,
            contact.phone,
            contact.language,
            Parent.stage,
        )
        .join(Parent, (Parent.school_id == contact.school_id) & (Parent.id == contact.parent_id))
        .where(contact.school_id == school_id, or_(*is_like))
        .order_by(
            (contact.parent_id == same_id).desc(), contact.first_name, contact.last_name, contact.parent_id
        )
        .limit(MOST)
    )
    return [Alike(*row) for row in rows]
