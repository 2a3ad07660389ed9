"""What a phone shows first of a page, and the way out of it."""

from __future__ import annotations

import pytest

from tests.e2e.focus import SIZES


@pytest.mark.parametrize("role", ["invited_parent", "parent"])
def test_a_phone_shows_the_page_and_not_its_frame(demo, open_browser, role):
    """Before the page's own words comes less than a third of a small phone, and at most one row of menu."""
    account = demo.account(role)
    page = open_browser(account, viewport=SIZES[0])
    frame = page.eval_on_selector("main", "main => main.getBoundingClientRect().top + scrollY")
    assert frame < 664 / 3, f"{page.url}: {frame}"
    places = page.locator(".wb-nav__link").count()
    assert places == 0 if role == "invited_parent" else 2 <= places <= 4
    rows = page.eval_on_selector_all(
        ".wb-nav__link", "links => new Set(links.map(one => one.getBoundingClientRect().top)).size"
    )
    assert rows <= 1
    exits = page.get_by_role("button", name="Exit this page").or_(
        page.get_by_role("link", name="Exit this page")
    )
    assert exits.evaluate_all("all => all.filter(one => one.tabIndex >= 0).length") == 1
