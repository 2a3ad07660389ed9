"""What every page must be: readable by machines and at any width."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()


def check_page(page: Page) -> None:
    """Raise AssertionError for an axe violation, unreadable contrast, sideways scroll or a console error."""
    where = page.url
    results = AXE.run(page).response
    violations = [f"{item['id']}: {item['nodes'][0]['target']}" for item in results["violations"]]
    assert not violations, f"{where}: {violations}"
    unclear = [
        node["target"]
        for item in results["incomplete"]
        if item["id"] == "color-contrast"
        for node in item["nodes"]
        # axe cannot see what lies under text inside a drawing.
        if "svg" not in str(node["target"]) and not node["html"].startswith(("<text", "<tspan"))
    ]
    assert not unclear, f"{where}: contrast cannot be told at {unclear}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} scrolls sideways by {wide} px at {page.viewport_size}"
    problems = [text for text in page.problems if "favicon" not in text]  # type: ignore[attr-defined]
    assert not problems, f"{where}: {problems}"
