"""Who may open the pages of short messages to a group."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

LEADERS: frozenset[Role | None] = frozenset({Role.FACILITATOR})
STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "group_messages.led": LEADERS,
    "group_messages.stop_led": LEADERS,
    "group_messages.of_school": STAFF,
    "group_messages.stop": STAFF,
    "group_messages.mine": frozenset({Role.PARENT}),
}
