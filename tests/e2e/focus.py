"""Whoever goes by keyboard, or reads four times as large, sees where they are (WCAG 2.4.11)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

#: A small phone, and a laptop's 1280 x 1024 at 400 %.
SIZES = ({"width": 390, "height": 664}, {"width": 320, "height": 256})
#: Stops on one page; more than any has.
MOST_STOPS = 250
#: Presses between two looks at what was noted.
AT_ONCE = 10

#: Notes where the focus stands after each key, in the page itself: two trips for each stop took most of the time.
NOTE = """() => {
 const look = () => {
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
 }
 window.wbStops = []
 window.addEventListener('keyup', () => window.wbStops.push(look()), true)
}"""

FLOATING = """() => [...document.querySelectorAll('body *')]
  .filter(one => ['fixed', 'sticky'].includes(getComputedStyle(one).position)).map(one => one.outerHTML.slice(0, 80))"""


def tab_through(page: Page) -> list[str]:
    """What cannot be seen while it has the focus."""
    page.evaluate(NOTE)
    stops: list[dict[str, Any] | None] = []
    while None not in stops:
        assert len(stops) < MOST_STOPS, f"{page.url}: the focus never leaves the page"
        for _press in range(AT_ONCE):
            page.keyboard.press("Tab")
        stops = page.evaluate("() => window.wbStops")
    there = stops[: stops.index(None)]
    assert there, f"{page.url}: nothing takes the focus"
    return [f"{one['name']} {one['why']}" for one in there if one and not one["seen"]]


def check_focus(page: Page) -> None:
    """Raise AssertionError where something takes the focus and is not seen, or lies over the page, at any of SIZES."""
    path = page.url
    for size in SIZES:
        page.set_viewport_size(size)
        page.goto(path)
        assert page.evaluate(FLOATING) == [], f"{path} has something that lies over it"
        assert tab_through(page) == [], f"{path} at {size}"
