"""Whoever goes by keyboard, or reads four times as large, sees where they are (WCAG 2.4.11)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import DESKTOP
from tests.e2e.test_every_page import ROLES, reachable, shape

#: A small phone, and a laptop's 1280 x 1024 at 400 %.
SIZES = ({"width": 390, "height": 664}, {"width": 320, "height": 256})
#: Stops on one page; more than any has.
MOST_STOPS = 250
#: Pages that were tried already, as somebody else's: one for each template.
tried: set[str] = set()

FOCUSED = """() => {
  const one = document.activeElement
  if (!one || one === document.body || one === document.documentElement) return null
  const rect = [...one.getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)[0]
  const words = one.getAttribute('aria-label') || one.textContent || one.name || ''
  const name = `${one.tagName.toLowerCase()} ${words.trim().slice(0, 40)}`
  if (!rect) return { name, seen: false, why: 'has no box' }
  // Of what is larger than the window, the middle of the part that is in it.
  const fits = rect.height < innerHeight
  const top = fits ? rect.top : Math.max(rect.top, 0), bottom = fits ? rect.bottom : Math.min(rect.bottom, innerHeight)
  const middle = (top + bottom) / 2
  if (middle < 0 || middle > innerHeight) return { name, seen: false, why: 'is outside of the window' }
  const hit = document.elementFromPoint((Math.max(rect.left, 0) + Math.min(rect.right, innerWidth)) / 2, middle)
  const label = hit && hit.closest('label')
  const seen = !!hit && (one.contains(hit) || (label && label.control === one))
  return { name, seen, why: seen ? '' : `lies under ${hit && hit.outerHTML.slice(0, 80)}` }
}"""

FLOATING = """() => [...document.querySelectorAll('body *')]
  .filter(one => ['fixed', 'sticky'].includes(getComputedStyle(one).position)).map(one => one.outerHTML.slice(0, 80))"""


def tab_through(page) -> list[str]:
    """What cannot be seen while it has the focus."""
    hidden = []
    for stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            assert stop > 0, f"{page.url}: nothing takes the focus"
            return hidden
        if not at["seen"]:
            hidden.append(f"{at['name']} {at['why']}")
    raise AssertionError(f"{page.url}: the focus never leaves the page")


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_what_has_the_focus_is_seen(demo, open_browser, role):
    account = demo.account(role) if role else None
    page = open_browser(account, viewport=DESKTOP)
    if account is None:
        page.goto("/")
    for path in reachable(page, urlsplit(page.url).path):
        if shape(path) in tried:
            continue
        tried.add(shape(path))
        for size in SIZES:
            page.set_viewport_size(size)
            page.goto(path)
            assert page.evaluate(FLOATING) == [], f"{path} has something that lies over it"
            assert tab_through(page) == [], f"{path} at {size}"


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
