"""Which link lets somebody in: an invitation, their own way in of before, or the first one of who joined on paper."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.recruitment.models import Parent, ParentContact
from app.states.parents import READY, WITH_GROUP

#: What `invite` sends to who joined on paper and gave an address since.
FIRST_WAY = "first_way_in"


def has_pages(session: Session, parent_id: UUID) -> bool:
    """Whether somebody signs in as this parent: by a link of this school, or by the account of another."""
    return any(one.has_signed_in for one in accounts.account_states(session, [parent_id]).values())


def letter_for(session: Session, parent: Parent) -> str:
    """Which message `invite` sends them: who has come in before is only reminded of their own way in."""
    if has_pages(session, parent.id):
        return "invited_back"
    return FIRST_WAY if parent.stage in (*READY, *WITH_GROUP) else "parent_invitation"


def wants_first_way(session: Session, parent: Parent, contact: ParentContact) -> bool:
    """Whether they joined on paper, have an address now, and nothing yet that lets them in."""
    return (
        bool(contact.email or contact.phone)
        and parent.stage in (*READY, *WITH_GROUP)
        and letter_for(session, parent) == FIRST_WAY
    )
