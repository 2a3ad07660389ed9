"""Colours that somebody chose for themselves, and browsers that turn pages dark: states stay apart, charts readable."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import DESKTOP

BORDERS = """([selector, side]) => [...document.querySelectorAll(selector)].map(
  one => [one.matches('[aria-current], .is-stuck'), parseFloat(getComputedStyle(one)[`border${side}Width`]) > 0])"""

#: What differs between the steps that are on and those that are not, as it is drawn.
OUTLINES = (
    """selector => [...document.querySelectorAll(selector)].map(one => getComputedStyle(one).outlineWidth)"""
)


@pytest.fixture
def chosen_colours(browser, demo):
    """A browser in which somebody chose their own colours, signed in as a role of the demo."""
    contexts = []

    def make(role):
        context = browser.new_context(viewport=DESKTOP, base_url=demo.base_url, forced_colors="active")
        contexts.append(context)
        page = context.new_page()
        page.goto(demo.account(role)["sign_in_url"])
        return page

    yield make
    for context in contexts:
        context.close()


def test_only_the_current_place_and_only_stuck_schools_wear_a_bar(chosen_colours):
    page = chosen_colours("authority_admin")
    menu = page.evaluate(BORDERS, [".wb-nav__link", "Bottom"])
    assert [current for current, _ in menu].count(True) == 1
    assert all(current == bar for current, bar in menu)
    schools = page.evaluate(BORDERS, [".wb-board__list li", "Left"])
    assert {stuck for stuck, _ in schools} == {True, False}, "the demo has schools of both kinds"
    assert all(stuck == bar for stuck, bar in schools)


def test_the_step_that_is_on_is_drawn_apart(chosen_colours):
    page = chosen_colours("school_lead")
    on = set(page.evaluate(OUTLINES, ".wb-pipeline__step--on > *"))
    off = set(page.evaluate(OUTLINES, ".wb-pipeline__step:not(.wb-pipeline__step--on) > *"))
    assert on
    assert not on & off


@pytest.mark.parametrize("role", ["commissioner"])
def test_charts_keep_their_own_ground_and_colours(chosen_colours, role):
    page = chosen_colours(role)
    page.locator("a", has_text="Read").first.click()
    drawings = page.evaluate(
        "() => [...document.querySelectorAll('.wb-figure svg[role=\"img\"]')].map(one => ["
        "getComputedStyle(one).forcedColorAdjust, getComputedStyle(one).backgroundColor,"
        " getComputedStyle(one.querySelector('text:not(.soft):not(.on)')).fill])"
    )
    assert drawings
    assert {tuple(drawing) for drawing in drawings} == {("none", "rgb(255, 255, 255)", "rgb(31, 42, 42)")}


@pytest.mark.parametrize("role", ["parent", "commissioner"])
def test_a_browser_that_turns_pages_dark_leaves_ours_as_they_are(open_browser, demo, role):
    page = open_browser(demo.account(role), viewport=DESKTOP)
    light = page.screenshot()
    page.context.new_cdp_session(page).send("Emulation.setAutoDarkModeOverride", {"enabled": True})
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert page.screenshot() == light
