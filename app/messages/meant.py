"""The page of a message that somebody opened before they were in, or in another role: they come to it then."""

from __future__ import annotations

from datetime import timedelta

from app.identity.current import session
from app.identity.roles import Role
from app.messages.links import SIGNS
from app.states.messages import RecipientKind
from infra.clock import now

#: Where this browser's session keeps it, and for how long: to ask for a link and to open it, and no longer.
MEANT, LIFE = "meant", timedelta(hours=1)
_ROLES = {SIGNS[RecipientKind.PARENT]: Role.PARENT, SIGNS[RecipientKind.FACILITATOR]: Role.FACILITATOR}


def keep(place: str, sign: str) -> None:
    """Remember where a message led, and the sign of whom it was for; empty for whoever comes."""
    session[MEANT] = [place, sign, now().timestamp()]


def drop() -> None:
    """They are there, or want something else."""
    session.pop(MEANT, None)


def drop_unless_for(role: Role) -> None:
    """Somebody chose `role` themselves: what was meant for another of their roles is not what they want."""
    if MEANT in session and _ROLES.get(session[MEANT][1], role) is not role:
        drop()


def take() -> dict[str, str] | None:
    """The arguments of the short address that somebody opened within the hour; None where none waits. It waits no
    longer.
    """
    kept = session.pop(MEANT, None)
    if kept is None or now().timestamp() - kept[2] > LIFE.total_seconds():
        return None
    place, sign, _at = kept
    return {"place": place} | ({sign: ""} if sign else {})
