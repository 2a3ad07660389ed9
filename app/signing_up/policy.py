"""Who may open the sign-up page of a school, and what comes of it."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, SCHOOL_STAFF, Role

STAFF: frozenset[Role | None] = frozenset(SCHOOL_STAFF)
#: Who opens and closes it for the school.
MANAGERS: frozenset[Role | None] = frozenset({Role.SCHOOL_LEAD, Role.SENCO})
PARENT: frozenset[Role | None] = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    # Nobody needs an account to ask.
    "signing_up.hello": EVERYBODY,
    "signing_up.thanks": EVERYBODY,
    "signing_up.pass_on": EVERYBODY,
    "signing_up.passed_on": EVERYBODY,
    "signing_up.overview": STAFF,
    "signing_up.make_link": MANAGERS,
    "signing_up.stop_link": MANAGERS,
    "signing_up.open_page": MANAGERS,
    "signing_up.close_page": MANAGERS,
    "signing_up.renew_address": MANAGERS,
    "signing_up.look_at": STAFF,
    "signing_up.set_aside": STAFF,
    "signing_up.new_school": PARENT,
    "signing_up.ask_new_school": PARENT,
    "signing_up.take_back_new_school": PARENT,
}

#: Whoever finds a parent's phone open may not take them out of their group, and send their number to a school.
CONFIRM = frozenset({"signing_up.ask_new_school"})
