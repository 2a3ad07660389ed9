"""The built stylesheets in browsers of the last six years: iOS 14, Chrome 80, Samsung Internet 14.

What they do not know they leave out, declaration by declaration, and a whole rule for one selector. So anything
newer stands behind `@supports`, has a fallback before it in the same rule, or only makes a page nicer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.shell import assets

BUILD = Path(assets.__file__).resolve().parents[1] / "static" / "build"

#: Properties that came later than those browsers. Sides are written out; the build turns them round for right-to-left.
LATER = re.compile(
    r"^(inset(-.*)?|(margin|padding)-(inline|block)(-.*)?|border-(inline|block)(-.*)?|border-(start|end)-.*radius"
    r"|(inline|block)-size|(min|max)-(inline|block)-size|aspect-ratio|translate|rotate|scale|accent-color"
    r"|row-gap|column-gap|overflow-clip-margin|scroll-timeline.*|animation-timeline|field-sizing|line-clamp)$"
)
#: Values likewise. A fallback stands before them in the same rule.
LATER_VALUES = re.compile(
    r"\b\d*\.?\d+(dvh|svh|lvh|dvw|svw|lvw|cqw|cqh|cqi|cqb|lh|rlh|cap)\b|\b(clamp|color-mix|oklch|oklab|lch|lab|light-dark)\("
    r"|\b(anywhere|clip|fit-content|subgrid)\b|^(start|end)$"
)
#: Those that only make a page nicer, or whose value inherited from the body does.
NICER = {
    "text-wrap",
    "text-underline-offset",
    "text-decoration-thickness",
    "text-decoration-skip-ink",
    "container-type",
    "content-visibility",
    "color-scheme",
    "forced-color-adjust",
    "scroll-padding",
    "scroll-padding-top",
    "overflow-wrap",  # the body's `break-word` is inherited
    "align-items",  # `start` and `end` in grids are as old as grids
    "align-self",
    "justify-self",
    "place-items",
}
#: A selector that older ones do not know takes its whole rule with it.
LATER_SELECTORS = re.compile(
    r":(is|where|has|focus-visible|user-invalid|modal|dir)\b|:not\([^()]*,|:nth-child\([^)]*\bof\b|::details-content|&"
)
GAPS = re.compile(r"^gap$")
NO_GAP = re.compile(r"^0(px)?( 0(px)?)?$")


@dataclass(frozen=True)
class Rule:
    """One rule: the at-rules round it, its selector, its declarations in order."""

    within: tuple[str, ...]
    selector: str
    declarations: tuple[tuple[str, str], ...]

    @property
    def is_behind_supports(self) -> bool:
        return any(at.startswith("@supports") for at in self.within)


def rules(css: str) -> list[Rule]:
    """Every rule of a stylesheet without comments."""
    found: list[Rule] = []
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    stack: list[str] = []
    start = place = 0
    quote = ""
    bodies: list[int] = []
    while place < len(css):
        sign = css[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif css.startswith("url(", place):
            place = css.index(")", place)
        elif sign == "{":
            stack.append(css[start:place].split(";")[-1].strip())
            bodies.append(place + 1)
            start = place + 1
        elif sign == "}":
            head, body = stack.pop(), css[bodies.pop() : place]
            if not head.startswith("@") or head.startswith(("@font-face", "@page")):
                found.append(Rule(tuple(stack), head, declarations(body)))
            start = place + 1
        place += 1
    return found


def declarations(body: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.split(":", 1) for part in re.split(r";(?![^(]*\))", body) if ":" in part)
    return tuple((name.strip(), value.strip()) for name, value in pairs)


def fallbacks(rule: Rule, place: int) -> bool:
    """Whether the same property has a plainer value before this one."""
    name = rule.declarations[place][0]
    return any(
        earlier == name and not LATER_VALUES.search(value) for earlier, value in rule.declarations[:place]
    )


def newer(found: list[Rule]) -> list[str]:
    """What an older browser would leave out, to a page's harm."""
    wrong = []
    for rule in found:
        if rule.is_behind_supports or rule.selector.startswith("@"):
            continue
        if LATER_SELECTORS.search(rule.selector):
            wrong.append(f"{rule.selector}: the selector is newer")
        for place, (name, value) in enumerate(rule.declarations):
            if name in NICER or name.startswith("--"):
                continue
            if LATER.search(name):
                wrong.append(f"{rule.selector}: {name}")
            elif LATER_VALUES.search(value) and not fallbacks(rule, place):
                wrong.append(f"{rule.selector}: {name}: {value}")
    return wrong


def gaps_without_margins(found: list[Rule]) -> list[str]:
    """Flex boxes whose parts would touch where a gap is not known."""
    flex = {
        selector
        for rule in found
        for name, value in rule.declarations
        if name == "display" and value in ("flex", "inline-flex")
        for selector in rule.selector.split(",")
    }
    replaced = {
        selector
        for rule in found
        if any(at.replace(" ", "").startswith("@supportsnot(inset:0)") for at in rule.within)
        for name, _ in rule.declarations
        if name == "gap"
        for selector in rule.selector.split(",")
    }
    return [
        selector
        for rule in found
        if not rule.is_behind_supports
        for name, value in rule.declarations
        if GAPS.match(name) and not NO_GAP.match(value)
        for selector in rule.selector.split(",")
        if selector in flex and selector not in replaced
    ]


@pytest.fixture(params=["app.css", "app-rtl.css"])
def built(request) -> list[Rule]:
    import json

    names = json.loads((BUILD / "manifest.json").read_text())
    return rules((BUILD / names[request.param]).read_text(encoding="utf-8"))


def own(found: list[Rule]) -> list[Rule]:
    """What we wrote; GOV.UK Frontend's own rules are tried in old browsers by its makers."""
    return [rule for rule in found if "wb-" in rule.selector or "govuk-template" in rule.selector]


def test_nothing_newer_stands_alone(built):
    assert len(built) > 500
    assert newer(own(built)) == []


def test_flex_boxes_keep_their_room_without_gaps(built):
    assert gaps_without_margins(built) == []


def test_no_state_is_a_transparent_border(built):
    """Where people choose their own colours every border shows, so one that waits in transparent is on everything."""
    wrong = [
        rule.selector
        for rule in own(built)
        for name, value in rule.declarations
        if name.startswith("border") and "transparent" in value
    ]
    assert wrong == []


def test_pages_say_that_they_are_light(built):
    """So that a browser does not turn round half of the colours."""
    template = [rule for rule in built if rule.selector == ".govuk-template"]
    assert ("color-scheme", "only light") in [pair for rule in template for pair in rule.declarations]


@pytest.mark.parametrize(
    "css",
    [
        ".a{inset:0}",
        ".a{margin-inline:auto}",
        ".a{padding-block:1px 2px}",
        ".a{aspect-ratio:1}",
        ".a{height:100dvh}",
        ".a{text-align:start}",
        ".a:is(.b,.c){color:red}",
        ".a:not(.b,.c){color:red}",
        ".a:has(.b){color:red}",
        ".a{width:clamp(1px,2px,3px)}",
        "@media(min-width:1px){.a{border-start-start-radius:2px}}",
    ],
)
def test_the_check_finds_css_that_older_browsers_do_not_know(css):
    assert newer(rules(css))


def test_a_fallback_counts():
    assert newer(rules(".a{height:100vh;height:100dvh}@supports (inset:0){.a{inset:0}}")) == []
    assert gaps_without_margins(rules(".a{display:flex;gap:4px}")) == [".a"]
    assert not gaps_without_margins(rules(".a{display:flex;gap:4px}@supports not (inset:0){.a{gap:0}}"))


def test_words_grow_with_the_text_of_the_reader():
    """A size in pixels stays when somebody sets larger text (WCAG 1.4.4); a drawing scales as a whole."""
    sources = (BUILD.parents[2] / "assets" / "scss").glob("*.scss")
    fixed = [
        f"{path.name}: {line.strip()}"
        for path in sorted(sources)
        if path.name != "_frontend.scss"  # a map that becomes rem
        for line in path.read_text().splitlines()
        if re.search(r"font-size: [\d.]+px", line)
    ]
    assert fixed == ["_figures.scss: font-size: 17px;", "_figures.scss: font-size: 19.5px;"]
