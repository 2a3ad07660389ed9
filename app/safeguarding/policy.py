"""Who may open the pages of `safeguarding`: everybody in a school may raise a concern, one role reads each."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

RAISERS = frozenset({*SCHOOL_STAFF, Role.FACILITATOR, Role.PARENT})
DSL = frozenset({Role.SCHOOL_DSL})
OFFICER = frozenset({Role.NAMED_OFFICER})

ACCESS: dict[str, frozenset[Role | None]] = {
    "safeguarding.start": RAISERS,
    "safeguarding.raise_concern": RAISERS,
    "safeguarding.received": RAISERS,
    "safeguarding.list_concerns": DSL,
    "safeguarding.search_concerns": DSL,
    "safeguarding.read_concern": DSL,
    "safeguarding.print_concern": DSL,
    "safeguarding.mark_read": DSL,
    "safeguarding.record_action": DSL,
    "safeguarding.close_concern": DSL,
    "safeguarding.open_concern_again": DSL,
    "safeguarding.officer_concerns": OFFICER,
    "safeguarding.officer_search": OFFICER,
    "safeguarding.officer_take_over": OFFICER,
    "safeguarding.officer_read": OFFICER,
    "safeguarding.officer_print": OFFICER,
    "safeguarding.officer_mark_read": OFFICER,
    "safeguarding.officer_record_action": OFFICER,
    "safeguarding.officer_close": OFFICER,
    "safeguarding.officer_open_again": OFFICER,
}

#: Raising a concern is never among them: nothing may stand in its way.
CONFIRM = frozenset(endpoint for endpoint, roles in ACCESS.items() if roles in (DSL, OFFICER))
