"""What every page must be: readable by machines and at any width."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()

#: What axe judges by, in two sets of words. `parts`: every kind of element within what, its attributes, whether it has
#: words and is drawn, and the order of headings and landmarks. `words`: what the contrast of words depends on, which is
#: the element that holds them within three others, what state it is in, and the page's width and colours.
_KINDS = """() => {
  const STATES = ["role", "type", "style", "disabled", "checked", "open", "aria-current", "aria-selected", "aria-sort",
    "aria-disabled", "aria-invalid", "aria-expanded", "aria-pressed"];
  const kind = e => e ? `${e.tagName}.${e.className.baseVal ?? e.className}` : "";
  const state = e => STATES.filter(name => e.hasAttribute(name)).map(name => `${name}=${e.getAttribute(name)}`);
  const says = e => Boolean(e.textContent.trim() || e.getAttribute("aria-label") || e.getAttribute("alt"));
  const valued = a => ["role", "type", "dir", "lang", "scope", "tabindex"].includes(a.name)
    || a.name.startsWith("aria-") && !/label|described|controls/.test(a.name);
  const attributes = e => [...e.attributes].map(a => valued(a) ? `${a.name}=${a.value}` : a.name).sort();
  const holdsWords = e => /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(e.tagName)
    || [...e.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const colours = [...document.querySelectorAll("link[rel=stylesheet]")].map(link => link.href);
  // What the last look marked.
  document.querySelectorAll("[data-new-words]").forEach(e => e.removeAttribute("data-new-words"));
  const frame = [innerWidth, document.dir, colours];
  const order = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6,header,nav,main,aside,footer,[role]")].map(kind);
  const parts = new Set([JSON.stringify([document.documentElement.lang, order])]);
  window.wbWords = new Map();
  for (const e of document.querySelectorAll("body, body *")) {
    const isDrawn = e.checkVisibility ? e.checkVisibility() : true;
    parts.add(JSON.stringify([kind(e.parentElement), kind(e), attributes(e), says(e), isDrawn]));
    if (!isDrawn || !holdsWords(e)) continue;
    const above = [e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement];
    const key = JSON.stringify([frame, kind(e), state(e), ...above.map(one => [kind(one), one ? state(one) : 0])]);
    window.wbWords.set(key, [...(window.wbWords.get(key) ?? []), e]);
  }
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return {parts: [...parts], words: [...window.wbWords.keys()], twice, wide, hasAxe: Boolean(window.axe)};
}"""
_MARK = """kinds => kinds.forEach(
  kind => window.wbWords.get(kind).forEach(e => e.setAttribute("data-new-words", "")))"""
#: Of what axe is content with it would describe each element too, which takes two thirds of its time, and all of it
#: would come over here.
_JUDGE = """([within, options]) => axe.run(within ?? document, {...options, resultTypes: ["violations", "incomplete"]})
  .then(({violations, incomplete}) => ({violations, incomplete}))"""
#: Four fifths of axe's time, where it is asked.
_CONTRAST = "color-contrast"
_seen: set[str] = set()


def check_page(page: Page) -> None:
    """Raise AssertionError for an axe violation, unreadable contrast, sideways scroll or a console error.

    axe looks where a process first meets a kind of part, an order of headings or a kind of words; all else is asked of
    every page.
    """
    where = page.url
    found = page.evaluate(_KINDS)
    assert not found["twice"], f"{where}: the same id twice: {found['twice']}"
    parts, words = ({kind for kind in found[key] if kind not in _seen} for key in ("parts", "words"))
    if (parts or words) and not found["hasAxe"]:
        page.evaluate(AXE.axe_script)
    if parts:
        _raise_violations(where, page.evaluate(_JUDGE, [None, {"rules": {_CONTRAST: {"enabled": False}}}]))
    if words:
        _check_contrast(page, sorted(words))
    _seen.update(parts, words)
    wide = found["wide"]
    assert wide <= 0, f"{where} scrolls sideways by {wide} px at {page.viewport_size}"
    problems = [text for text in page.problems if "favicon" not in text]  # type: ignore[attr-defined]
    assert not problems, f"{where}: {problems}"


def _check_contrast(page: Page, kinds: list[str]) -> None:
    page.evaluate(_MARK, kinds)
    results = page.evaluate(_JUDGE, [{"include": [["[data-new-words]"]]}, {"runOnly": [_CONTRAST]}])
    _raise_violations(page.url, results)
    unclear = [
        node["target"]
        for item in results["incomplete"]
        for node in item["nodes"]
        # axe cannot see what lies under text inside a drawing.
        if "svg" not in str(node["target"]) and not node["html"].startswith(("<text", "<tspan"))
    ]
    assert not unclear, f"{page.url}: contrast cannot be told at {unclear}"


def _raise_violations(where: str, results: dict[str, Any]) -> None:
    violations = [f"{item['id']}: {item['nodes'][0]['target']}" for item in results["violations"]]
    assert not violations, f"{where}: {violations}"
