"""How often one person may search for people or take papers away: enough for any day's work, too slow for a copyist.

Guessing at the door has counters of its own (`app/accounts/throttle.py`).
"""

from __future__ import annotations

from typing import cast

from flask import Flask, has_request_context
from flask.typing import RouteCallable
from flask_limiter import RateLimitExceeded

from app.extensions import hashed, limiter, where_from
from app.identity.current import session

SEARCH = "60/minute"
PAPER = "60/10minutes"
#: Files of one person that are kept, on each page that takes them.
UPLOAD = "20/10minutes"
#: Files that they send there at all: whoever is told to save theirs in another way tries some times.
TRY = "60/10minutes"
#: For how many tries a file counts that was dear to look at.
DEAR = 6

#: Endpoint -> how often one person may use it.
LIMITS = {
    "cohorts.search_groups": SEARCH,
    "facilitators.search_facilitators": SEARCH,
    "messages.search_messages": SEARCH,
    "recruitment.search_parents": SEARCH,
    "office.search_parents": SEARCH,
    "safeguarding.officer_search": SEARCH,
    "safeguarding.search_concerns": SEARCH,
    "schools.search_members": SEARCH,
    "schools.search_register": SEARCH,
    "schools.search_schools": SEARCH,
    "schools.search_staff": SEARCH,
    "cohorts.make_contact_sheet": PAPER,
    "cohorts.make_register": PAPER,
    "cohorts.print_contact_sheet": PAPER,
    "cohorts.print_register": PAPER,
    "letters.print_all": PAPER,
    "meetings.contacts": PAPER,
    "papers.download": PAPER,
    "papers.sign_up_cards": PAPER,
    "papers.sign_up_poster": PAPER,
    "recruitment.list_as_file": PAPER,
    "office.list_as_file": PAPER,
    "cohorts.list_as_file": PAPER,
    "facilitators.list_as_file": PAPER,
    "schools.list_as_file": PAPER,
    "schools.usage_file": PAPER,
    "outcomes.build": PAPER,
    "outcomes.download": PAPER,
    "safeguarding.officer_print": PAPER,
    "safeguarding.print_concern": PAPER,
}


def install(app: Flask) -> None:
    """Put the limits before the views; after every blueprint is there. Raises KeyError for a page that is not."""
    for endpoint, often in LIMITS.items():
        limited = limiter.limit(often, key_func=_person)(app.view_functions[endpoint])
        app.view_functions[endpoint] = cast(RouteCallable, limited)


def may_try_file() -> bool:
    """Count a file that this request brings; False for whoever sent too many. A command's are not counted."""
    return _counted(TRY)


def may_keep_file() -> bool:
    """Count one that is kept; False for whoever has had too many kept."""
    return _counted(UPLOAD)


def note_dear_file() -> None:
    """Count one that took long and was refused."""
    _counted(TRY, DEAR - 1)


def _counted(often: str, times: int = 1) -> bool:
    if not has_request_context():
        return True
    try:
        with limiter.limit(often, key_func=_person, cost=times):
            return True
    except RateLimitExceeded:
        return False


def _person() -> str:
    # Neither an id nor an address: this key stands in Redis.
    return hashed(str(session.identity.membership_id)) if session.identity else where_from()
