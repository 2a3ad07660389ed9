"""Which link lets somebody in: an invitation, their own way in of before, or the first one of who joined on paper."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.recruitment.models import Parent, ParentContact
from app.states.parents import READY, WITH_GROUP

#: What `invite` sends to who joined on paper and gave an address since.
FIRST_WAY = "first_way_in"


def letter_for(session: Session, parent: Parent) -> str:
    """Which message `invite` sends them: who has come in before is only reminded of their own way in."""
    if any(one.has_signed_in for one in accounts.account_states(session, [parent.id]).values()):
        return "invited_back"
    return FIRST_WAY if parent.stage in (*READY, *WITH_GROUP) else "parent_invitation"


def wants_first_way(session: Session, parent: Parent, contact: ParentContact) -> bool:
    """Whether they joined on paper, have an address now, and nothing yet that lets them in."""
    return (
        bool(contact.email or contact.phone)
        and parent.stage in (*READY, *WITH_GROUP)
        and letter_for(session, parent) == FIRST_WAY
    )
