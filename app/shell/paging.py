"""Which page of a long list is asked for. Past its end stands the first: the list has grown shorter since."""

from __future__ import annotations

from flask import request

#: No list has more pages.
MOST_PAGES = 1000


def page_number() -> int:
    """The page that the address asks for, from 1; 1 for what is no page."""
    return min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
