"""Every page that a role can reach from its home: whole, readable and in order at both widths, and by keyboard."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.e2e.checks import check_page
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.focus import check_focus

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "school_lead",
    "school_dsl",
    "senco",
    "head_teacher",
    "school_office",
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
#: Addresses that were gone through by keyboard already, as somebody else: one for each template.
_by_keyboard: set[str] = set()
SKIP = (
    "/leave",
    "/static/",
    "/documents/",
    ".csv",
    ".xlsx",
    ".pdf",
    ".ics",
    "/demo/",
    "/theme/",
    "/download",
)


def shape(path: str) -> str:
    """The address with each id, number and query left out: pages of one shape are looked at once."""
    return "/".join(
        "*" if any(sign.isdigit() for sign in part) else part for part in path.split("?")[0].split("/")
    )


def walk(page, start: str) -> Iterator[str]:
    """Opens one address of each shape, found by following links from `start`; each as it stands open."""
    host = urlsplit(page.url).netloc
    queue, seen = deque([start]), set[str]()
    while queue and len(seen) < MOST:
        path = queue.popleft()
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        page.set_viewport_size(DESKTOP)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(urldefrag(href)[0])
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == host and not any(word in address for word in SKIP):
                queue.append(address)
        yield path


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_of_a_role(demo, open_browser, role):
    account = demo.account(role) if role else None
    page = open_browser(account, viewport=DESKTOP)
    if account is None:
        page.goto("/")
    for path in walk(page, urlsplit(page.url).path):
        check_page(page)
        page.set_viewport_size(PHONE)
        check_page(page)
        if shape(path) not in _by_keyboard:
            check_focus(page)
            _by_keyboard.add(shape(path))
