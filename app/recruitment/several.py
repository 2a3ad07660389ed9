"""Several parents of the list at once: for whom something can be done and for whom not, and why; then all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.services import A_MOMENT
from app.recruitment import queries, services
from app.recruitment.models import Parent
from app.shell.refusals import Refused
from app.states.parents import ParentStage
from infra.clock import now

#: What is done for one of them: in words, why nothing was; empty where it was. Raises Refused.
Act = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of them. `why_not`: in words, why nothing is done for them; empty where it is."""

    id: UUID
    name: str
    email: str
    phone: str
    stage: str
    #: They were asked a moment ago: by the first press of two, if this is the second.
    is_just_asked: bool
    why_not: str = ""


def invite_one(session: Session, school_id: UUID, authority_id: UUID) -> Act:
    """An invitation to one by the ways that reach them."""

    def act(parent_id: UUID) -> str:
        sent = services.invite(session, school_id, authority_id, parent_id)
        return "" if sent else _("Somebody has just invited them.")

    return act


def here(session: Session, school_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of them who are in the school's list now."""
    found = select(Parent.id).where(Parent.school_id == school_id, Parent.id.in_(ids))
    return set(session.scalars(found))


def look_at(session: Session, school_id: UUID, act: Act, ids: Sequence[UUID]) -> list[Chosen]:
    """What doing this for each of these would come to: tried, and undone again. Raises NotFound."""
    return [_do(session, school_id, act, one, for_good=False) for one in sorted(set(ids))]


def do(session: Session, school_id: UUID, act: Act, ids: Sequence[UUID]) -> list[Chosen]:
    """Do it for each of these where it can be; the others are left out, with the reason. Raises NotFound."""
    return [_do(session, school_id, act, one, for_good=True) for one in sorted(set(ids))]


def is_second_press(chosen: Sequence[Chosen]) -> bool:
    """Whether all that can be done for these was done a moment ago, so that nothing is news to whoever pressed."""
    return any(one.is_just_asked for one in chosen) and all(
        one.is_just_asked or one.why_not for one in chosen
    )


def facts(chosen: Sequence[Chosen]) -> list[object]:
    """What a page of these has shown, for `as_shown`: another address or step is another page."""
    return [
        fact for one in chosen for fact in (one.id, one.name, one.email, one.phone, one.stage, one.why_not)
    ]


def _do(session: Session, school_id: UUID, act: Act, parent_id: UUID, *, for_good: bool) -> Chosen:
    # In the order in which every step holds them.
    parent = queries.get_parent(session, school_id, parent_id, hold=True)
    contact = queries.get_contact(session, school_id, parent_id, hold=True)
    is_just_asked = parent.invited_at is not None and parent.invited_at > now() - A_MOMENT
    one = Chosen(parent_id, contact.name, contact.email, contact.phone, parent.stage, is_just_asked)
    if parent.stage == ParentStage.INTERESTED and parent.said_yes_at is None:
        # Together with others nobody looks at each: the call that they wait for would be forgotten.
        return replace(one, why_not=_("They asked to hear more. Call them first."))
    try:
        with session.begin_nested() as step:
            why_not = act(parent_id)
            if not for_good:
                step.rollback()
    except Refused as refused:
        return replace(one, why_not=str(refused.words))
    return replace(one, why_not=why_not)
