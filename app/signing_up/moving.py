"""A parent whose child goes to another school of the council now: they leave here, and ask there, by one press.

Decision 19. The school they leave is told that they left, and by nothing where to.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import throttle
from app.accounts.throttle import Limit
from app.identity import school_moves
from app.identity.school_moves import OtherSchool
from app.recruitment import services as parents
from app.shell.errors import NotFound
from app.shell.refusals import Refused

#: Of one account: each press is read by people at a school.
OFTEN = Limit("school_move", 5, timedelta(days=1))


class NotHere(Refused):
    """Nothing that is ticked on the page could mend it."""

    leads_on = True


def get_school(session: Session, chosen: str) -> OtherSchool | None:
    """The school of this id that takes parents now; None for somebody who waits for an answer of one already.

    Raises NotFound for any other, and what is no id.
    """
    mine = school_moves.find_mine(session)
    if mine is not None and not mine.is_read:
        return None
    for one in school_moves.list_schools(session):
        if str(one.school_id) == chosen:
            return one
    raise NotFound


def move(session: Session, school_id: UUID, parent_id: UUID, account_id: UUID, there: UUID) -> None:
    """Ask at the school `there`, and leave this one as by *Leave the group*. Raises Refused, and TooManyTries.

    Whoever has said no or left here keeps that; a second press finds it done.
    """
    throttle.spend(OFTEN, str(account_id))
    outcome = school_moves.ask_there(session, there)
    if outcome not in ("asked", "asked_before"):
        raise NotHere(_why_not(outcome))
    parents.leave(session, school_id, parent_id)


def take_back(session: Session) -> None:
    """Delete what waits at the other school. Raises Refused where staff there have taken them into their list."""
    outcome = school_moves.take_back(session)
    if outcome == "read":
        raise Refused(
            _("They have taken you into their list already. Tell them, or say no on your page there.")
        )
    if outcome != "taken_back":
        raise Refused(_("Nothing of yours waits at another school."))


def _why_not(outcome: str) -> str:
    words = {
        "waits": _("You have asked at another school already. Take that back first, if it was a mistake."),
        "here": _("You have a page at that school already. Change to it, and tell them that you are back."),
        "closed": _("That school takes no new parents now. Nothing was sent, and you have not left."),
        "held": _("This cannot be done just now. Try again tomorrow, or call the school."),
    }
    return words.get(outcome, _("Please sign in again. Nothing was sent, and you have not left."))
