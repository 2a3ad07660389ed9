"""Whoever goes by keyboard, or reads four times as large, sees where they are (WCAG 2.4.11)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, ViewportSize

#: A small phone, and a laptop's 1280 x 1024 at 400 %.
SIZES: tuple[ViewportSize, ...] = ({"width": 390, "height": 664}, {"width": 320, "height": 256})
#: Stops on one page; more than any has.
MOST_STOPS = 250
#: Presses between two looks at what was noted.
AT_ONCE = 10

#: How what has the focus is seen: `null` when nothing has it.
LOOK = """() => {
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

#: Notes it in the page itself, a trip for each stop took most of the time: at each key, where the last one led to.
NOTE = f"""() => {{
  window.wbLook = {LOOK}
  window.wbStops = []
  window.addEventListener('keydown', () => window.wbStops.push(window.wbLook()), true)
}}"""
#: What was noted, from the first key's on.
STOPS = "() => [...window.wbStops.slice(1), window.wbLook()]"

#: Gives the focus to one after the other of what `Tab` stops at, from the top.
EACH = f"""() => {{
  const look = {LOOK}
  if (document.activeElement) document.activeElement.blur()
  scrollTo(0, 0)
  const stops = []
  for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {{
    if (one.tabIndex < 0) continue
    one.focus()
    if (document.activeElement === one) stops.push(look())
  }}
  return stops
}}"""

FLOATING = """() => [...document.querySelectorAll('body *')]
  .filter(one => ['fixed', 'sticky'].includes(getComputedStyle(one).position)).map(one => one.outerHTML.slice(0, 80))"""
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


def tab_through(page: Page) -> list[dict[str, Any]]:
    """Where the focus stands after each press of the Tab key, from the top until it leaves the page."""
    page.evaluate(NOTE)
    # The key goes down and never up: half the trips of a whole press, and nothing here waits for the other half.
    keys = page.context.new_cdp_session(page)
    stops: list[dict[str, Any] | None] = []
    while None not in stops:
        assert len(stops) < MOST_STOPS, f"{page.url}: the focus never leaves the page"
        for _press in range(AT_ONCE):
            keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **TAB})
        stops = page.evaluate(STOPS)
    keys.detach()
    there = [one for one in stops[: stops.index(None)] if one]
    assert there, f"{page.url}: nothing takes the focus"
    return there


def expect_seen(page: Page, stops: list[dict[str, Any]]) -> None:
    unseen = [f"{one['name']} {one['why']}" for one in stops if not one["seen"]]
    assert not unseen, f"{page.url} at {page.viewport_size}: {unseen}"


def expect_nothing_floats(page: Page) -> None:
    floating = page.evaluate(FLOATING)
    assert not floating, f"{page.url} at {page.viewport_size} has something that lies over it: {floating}"


def check_focus(page: Page) -> None:
    """Raise AssertionError where something takes the focus and is not seen, or lies over the page, at any of SIZES.

    Of a page that was just opened. By keyboard at the first size; at the others the focus is handed to one after the
    other of what can take it, which scrolls as a key does.
    """
    first, *others = SIZES
    page.set_viewport_size(first)
    expect_nothing_floats(page)
    expect_seen(page, tab_through(page))
    for size in others:
        page.set_viewport_size(size)
        expect_nothing_floats(page)
        stops = page.evaluate(EACH)
        assert stops, f"{page.url} at {size}: nothing takes the focus"
        expect_seen(page, stops)
