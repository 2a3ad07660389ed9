"""The pages of the desks where concerns are read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.identity import own_pages
from app.safeguarding.queries import Desk

#: The pages of each desk, and what its addresses call a concern.
PAGES = {
    "dsl": {
        "argument": "concern_id",
        "list": "safeguarding.list_concerns",
        "search": "safeguarding.search_concerns",
        "read": "safeguarding.read_concern",
        "print": "safeguarding.print_concern",
        "mark_read": "safeguarding.mark_read",
        "action": "safeguarding.record_action",
        "close": "safeguarding.close_concern",
        "open_again": "safeguarding.open_concern_again",
    },
    "officer": {
        "argument": "officer_concern_id",
        "list": "safeguarding.officer_concerns",
        "search": "safeguarding.officer_search",
        "read": "safeguarding.officer_read",
        "print": "safeguarding.officer_print",
        "mark_read": "safeguarding.officer_mark_read",
        "action": "safeguarding.officer_record_action",
        "close": "safeguarding.officer_close",
        "open_again": "safeguarding.officer_open_again",
    },
}
#: A school's concern that was handed to the officer stands on the officer's desk.
PAGES["handed"] = PAGES["officer"]


def place_of(desk: Desk, page: str, concern_id: UUID) -> dict[str, Any]:
    """A concern's page on a desk, as `url_for` and `press` take it."""
    pages = PAGES[desk.name]
    return {"endpoint": pages[page], pages["argument"]: concern_id}


def address_of(desk: Desk, page: str, concern_id: UUID) -> str:
    pages = PAGES[desk.name]
    return own_pages.address_of(pages[page], {pages["argument"]: concern_id})
