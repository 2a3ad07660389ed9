"""What the checks of a page are for is missed when it is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.checks import check_page
from tests.e2e.conftest import PHONE
from tests.e2e.focus import check_focus

WHOLE = """<!doctype html><html lang="en"><head><title>A page</title><style>{css}</style></head>
<body><main><h1>A page</h1><p class="note">Words</p>{more}<p><a href="/there">Somewhere</a></p></main></body></html>"""


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    context = browser.new_context(viewport=PHONE)

    def make(css: str = "", more: str = "") -> Page:
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.set_content(WHOLE.format(css=css, more=more))
        return page

    yield make
    context.close()


def test_a_sound_page_passes(show):
    page = show()
    check_page(page)
    check_focus(page)


@pytest.mark.parametrize(
    ("css", "more", "said"),
    [
        ("", '<img src="data:," width="1" height="1">', "image-alt"),
        ("", '<p class="faint" style="color: #bbb">Faint words</p>', "color-contrast"),
        ("", '<p style="background: linear-gradient(#000, #fff)">On a gradient</p>', "cannot be told"),
        ("", '<div style="width: 700px">Wide</div>', "scrolls sideways"),
    ],
)
def test_a_faulty_page_is_refused(show, css, more, said):
    with pytest.raises(AssertionError, match=said):
        check_page(show(css, more))


def test_faint_words_are_found_on_a_page_whose_other_words_were_met_before(show):
    check_page(show())
    with pytest.raises(AssertionError, match="color-contrast"):
        check_page(show(more='<p class="note" style="color: #ccc">Words</p>'))


@pytest.mark.parametrize(
    ("css", "more", "said"),
    [
        ("nav { position: fixed; bottom: 0 }", "<nav>Exit</nav>", "lies over it"),
        (".cut { height: 0; overflow: hidden }", '<p class="cut"><a href="/x">Cut</a></p>', "Cut lies under"),
        (
            "@media (max-height: 300px) { .cut { height: 0; overflow: hidden } }",
            '<p class="cut"><a href="/x">Cut</a></p>',
            "Cut lies under",
        ),
    ],
)
def test_a_focus_that_is_not_seen_is_refused(show, css, more, said):
    with pytest.raises(AssertionError, match=said):
        check_focus(show(css, more))
