"""Who may book an outside presenter: the school's staff, and those who lead the group. A presenter has no account."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, SCHOOL_STAFF, Role

LEADERS: frozenset[Role | None] = frozenset({Role.FACILITATOR})
STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "presenters.led": LEADERS,
    "presenters.book_led": LEADERS,
    "presenters.take_back_led": LEADERS,
    "presenters.of_school": STAFF,
    "presenters.book": STAFF,
    "presenters.take_back": STAFF,
    # Whoever holds the link of a booking.
    "presenters.invited": EVERYBODY,
    "presenters.come": EVERYBODY,
    "presenters.stay_away": EVERYBODY,
}
