"""Who may open the pages of calls: the parent who asks, and whoever is asked."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

PARENTS: frozenset[Role | None] = frozenset({Role.PARENT})
LEADERS: frozenset[Role | None] = frozenset({Role.FACILITATOR})
STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "one_to_one.mine": PARENTS,
    "one_to_one.take_back": PARENTS,
    "one_to_one.to_school": PARENTS,
    "one_to_one.led": LEADERS,
    "one_to_one.call_led": LEADERS,
    "one_to_one.of_school": STAFF,
    "one_to_one.call_of_school": STAFF,
    "one_to_one.of_council": frozenset({Role.AUTHORITY_ADMIN}),
}
