"""Who may open the pages of what groups say to their schools."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

LEADERS: frozenset[Role | None] = frozenset({Role.FACILITATOR})
PARENTS: frozenset[Role | None] = frozenset({Role.PARENT})
STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "themes.led": LEADERS,
    "themes.withdraw": LEADERS,
    "themes.mine": PARENTS,
    "themes.voice": PARENTS,
    "themes.rate": PARENTS,
    "themes.of_school": STAFF,
    "themes.reply": STAFF,
    "themes.of_council": frozenset({Role.AUTHORITY_ADMIN}),
}
