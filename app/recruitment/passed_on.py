"""Who stands in the list only because somebody passed them on: deleted on the 28th day, unless they speak themselves.

The links by which it is done stand above (`app/signing_up/`); whoever invites such a parent, or opens their page, has
to know the day. A link of theirs ends no later than what it leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import DateTime, Select, String, Uuid, column, select, text
from sqlalchemy.orm import Session

from app.accounts.services import LINK_LIFE
from app.recruitment.models import ParentContact
from infra.clock import LONDON, now

#: For how long what somebody else wrote of a parent is kept, from the day on which they did.
KEPT = timedelta(days=28)
#: How many a page names.
MOST = 100
#: Below this nobody reads an invitation in time.
TOO_LATE = timedelta(hours=2)
#: A second invitation of a later hour has to end later than the first, or it is taken for the same press twice
#: (`identity.issue_token`). So a link that is cut short ends by so much of what is left before the last evening.
LATER = 30

#: Who would be forgotten, as the database says for the schedule too.
_ONLY = (
    text("select parent_id, said_at, organisation from identity.only_passed_on()")
    .columns(column("parent_id", Uuid), column("said_at", DateTime), column("organisation", String))
    .subquery("only_passed_on")
)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """One of them."""

    parent_id: UUID
    name: str
    organisation: str
    said_on: date

    @property
    def goes_on(self) -> date:
        """The day on which they are deleted."""
        return self.said_on + KEPT


def list_all(session: Session, school_id: UUID) -> Sequence[PassedOn]:
    """All of a school, whoever is deleted first before the others; as many as a page names."""
    return _read(session, _them(school_id).order_by(_ONLY.c.said_at, _ONLY.c.parent_id).limit(MOST))


def list_ids(session: Session) -> set[UUID]:
    """Whom of this school `list_all` would name."""
    return set(session.scalars(select(_ONLY.c.parent_id)))


def find(session: Session, school_id: UUID, parent_id: UUID) -> PassedOn | None:
    """This parent, if they are one of them."""
    return next(iter(_read(session, _them(school_id).where(_ONLY.c.parent_id == parent_id))), None)


def life(one: PassedOn | None, most: timedelta = LINK_LIFE) -> timedelta:
    """For how long an invitation that is sent now opens; `most` where nothing cuts it short."""
    if one is None:
        return most
    left = datetime.combine(one.goes_on, time(), LONDON) - timedelta(minutes=1) - now()
    return min(most, left - left / LATER)


def why_not(one: PassedOn | None) -> str:
    """Why they are not invited any more; empty where they are."""
    if life(one) >= TOO_LATE:
        return ""
    return _(
        "Nobody has heard from them in 28 days, so they are deleted now, and a link would open nothing. Would they like"
        " to hear more? Call them, and note what they said."
    )


def _them(school_id: UUID) -> Select[Any]:
    return (
        select(ParentContact, _ONLY.c.organisation, _ONLY.c.said_at)
        .join(_ONLY, _ONLY.c.parent_id == ParentContact.parent_id)
        .where(ParentContact.school_id == school_id)
    )


def _read(session: Session, statement: Select[Any]) -> list[PassedOn]:
    return [
        PassedOn(contact.parent_id, contact.name, organisation, said_at.astimezone(LONDON).date())
        for contact, organisation, said_at in session.execute(statement)
    ]
