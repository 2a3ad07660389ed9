"""Every page that a role can reach from its home: whole, readable and in order at both widths."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

import pytest

from tests.e2e.checks import check_page
from tests.e2e.conftest import DESKTOP, PHONE

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "school_lead",
    "school_dsl",
    "senco",
    "facilitator",
    "parent",
    "graduate",
    "invited_parent",
    "said_no_parent",
    "left_parent",
    None,
)
#: Pages per role; a page of a list stands for all that look like it.
MOST = 28
SKIP = ("/leave", "/static/", "/documents/", ".csv", ".ics", "/demo/", "/theme.css", "/calendar", "/download")


def shape(path: str) -> str:
    """The address with each id, number and query left out: pages of one shape are looked at once."""
    return "/".join(
        "*" if any(sign.isdigit() for sign in part) else part for part in path.split("?")[0].split("/")
    )


def reachable(page, start: str) -> list[str]:
    """Addresses of one shape each, found by following links from `start`."""
    host = urlsplit(page.url).netloc
    queue, seen, found = [start], set(), []
    while queue and len(found) < MOST:
        path = queue.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        found.append(path)
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(urldefrag(href)[0])
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == host and not any(word in address for word in SKIP):
                queue.append(address)
    return found


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_of_a_role(demo, open_browser, role):
    account = demo.account(role) if role else None
    page = open_browser(account, viewport=DESKTOP)
    if account is None:
        page.goto("/")
    home = urlsplit(page.url).path
    for path in reachable(page, home):
        page.set_viewport_size(DESKTOP)
        page.goto(path)
        check_page(page)
        page.set_viewport_size(PHONE)
        check_page(page)
