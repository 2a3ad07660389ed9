"""What every page must be: readable by machines and at any width."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()

#: What axe judges a page by, but for the letters themselves: every kind of element that is drawn, within what, with
#: which attributes and whether it has words; headings and landmarks in their order; colours and width of the page.
_SKELETON = """() => {
  const says = e => Boolean(e.textContent.trim() || e.getAttribute("aria-label") || e.getAttribute("alt"));
  const kind = e => `${e.tagName}.${e.className.baseVal ?? e.className}`;
  const attribute = a => ["role", "type", "dir", "lang", "scope", "tabindex"].includes(a.name)
    || a.name.startsWith("aria-") && !/label|described|controls/.test(a.name) ? `${a.name}=${a.value}` : a.name;
  const kinds = new Set();
  for (const e of document.querySelectorAll("body, body *")) {
    const drawn = e.checkVisibility ? e.checkVisibility() : true;
    kinds.add([kind(e.parentElement), kind(e), [...e.attributes].map(attribute).sort(), says(e), drawn].join("|"));
  }
  const order = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6,header,nav,main,aside,footer,[role]")];
  const colours = [...document.querySelectorAll("link[rel=stylesheet]")].map(link => link.href);
  const frame = [innerWidth, document.dir, document.documentElement.lang, colours];
  return JSON.stringify([frame, [...kinds].sort(), order.map(kind)]);
}"""
_seen: set[str] = set()


def check_page(page: Page) -> None:
    """Raise AssertionError for an axe violation, unreadable contrast, sideways scroll or a console error.

    Of pages with one skeleton, axe looks at the first that a process meets; all else is asked of every page.
    """
    where = page.url
    skeleton = page.evaluate(_SKELETON)
    if skeleton not in _seen:
        _look(page)
        _seen.add(skeleton)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} scrolls sideways by {wide} px at {page.viewport_size}"
    problems = [text for text in page.problems if "favicon" not in text]  # type: ignore[attr-defined]
    assert not problems, f"{where}: {problems}"


def _look(page: Page) -> None:
    results = AXE.run(page).response
    violations = [f"{item['id']}: {item['nodes'][0]['target']}" for item in results["violations"]]
    assert not violations, f"{page.url}: {violations}"
    unclear = [
        node["target"]
        for item in results["incomplete"]
        if item["id"] == "color-contrast"
        for node in item["nodes"]
        # axe cannot see what lies under text inside a drawing.
        if "svg" not in str(node["target"]) and not node["html"].startswith(("<text", "<tspan"))
    ]
    assert not unclear, f"{page.url}: contrast cannot be told at {unclear}"
