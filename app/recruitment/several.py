"""Several parents of the list at once: who would get an invitation and who not, and why; then all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.recruitment import queries, services
from app.shell.refusals import Refused


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of them. `why_not`: in words, why nothing goes to them; empty where it does."""

    id: UUID
    name: str
    email: str
    phone: str
    stage: str
    why_not: str = ""


def look_at(session: Session, school_id: UUID, authority_id: UUID, ids: Sequence[UUID]) -> list[Chosen]:
    """What inviting each of these would come to, by name: tried, and undone again. Raises NotFound."""
    return [_invite(session, school_id, authority_id, one, for_good=False) for one in sorted(set(ids))]


def invite(session: Session, school_id: UUID, authority_id: UUID, ids: Sequence[UUID]) -> list[Chosen]:
    """Invite each of these who can be; the others are left out, with the reason. Raises NotFound."""
    return [_invite(session, school_id, authority_id, one, for_good=True) for one in sorted(set(ids))]


def facts(chosen: Sequence[Chosen]) -> list[object]:
    """What a page of these has shown, for `as_shown`: another address or step is another page."""
    return [fact for one in chosen for fact in (one.id, one.email, one.phone, one.stage, one.why_not)]


def _invite(
    session: Session, school_id: UUID, authority_id: UUID, parent_id: UUID, *, for_good: bool
) -> Chosen:
    # In the order in which every step holds them.
    parent = queries.get_parent(session, school_id, parent_id, hold=True)
    contact = queries.get_contact(session, school_id, parent_id, hold=True)
    one = Chosen(parent_id, contact.name, contact.email, contact.phone, parent.stage)
    try:
        with session.begin_nested() as step:
            count = services.invite(session, school_id, authority_id, parent_id)
            if not for_good:
                step.rollback()
    except Refused as refused:
        return replace(one, why_not=str(refused.words))
    return one if count else replace(one, why_not=_("Somebody has just invited them."))
