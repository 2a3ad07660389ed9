"""What a phone kept of a room goes with whoever signs out, also without a signal, and the service ends the session."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect

from tests.e2e.rooms import (
    OFFLINE,
    open_again_without_a_signal,
    open_room,
    person_of,
    pressed,
)


def test_signing_out_with_marks_that_were_not_sent_is_asked_about_once(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Press Sign out once more, and they are gone.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    open_again_without_a_signal(page, session_id)
    expect(page.get_by_text("There is nothing of a session on this phone.")).to_be_visible()
    page.context.set_offline(False)


@pytest.mark.parametrize("way_out", ["Sign out", "Take it off this phone"])
def test_nothing_is_left_after_a_way_out_without_a_signal(signed_in, world, session_id, way_out):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    name = person_of(page, world.school.parent.person_id).locator(".wb-room__name").inner_text()
    page.context.set_offline(True)

    page.get_by_role("button", name=way_out).click()
    open_again_without_a_signal(page, session_id)
    expect(page.get_by_text("There is nothing of a session on this phone.")).to_be_visible()
    assert name not in page.content()
    page.context.set_offline(False)


def test_a_sign_out_without_a_signal_is_finished_before_a_page_shows_anything(signed_in, world, session_id):
    """Given a sign-out that found no signal, when the next page arrives, then it is of nobody."""
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("There is no signal. Nothing of you is on this phone any more")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    page.goto("about:blank")
    page.context.set_offline(False)

    page.goto("/group")
    page.wait_for_url("**/")
    page.goto("/group")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_an_exit_without_a_signal_is_finished_too(signed_in, world):
    page = signed_in(world.school.parent)
    page.goto("/my")
    page.context.set_offline(True)
    with suppress(BrowserError):
        page.locator("a.wb-exit-again, .wb-exit-again a").first.click()
    page.wait_for_timeout(1000)
    with suppress(BrowserError):
        page.goto("about:blank")
    page.context.set_offline(False)

    page.goto("/my")
    page.wait_for_url("**/")
    page.goto("/my")
    expect(page).to_have_url(re.compile("/sign-in"))
    # Whoever comes in again is not sent out again.
    signed_in(world.school.parent).goto("/my")
    expect(page).to_have_url(re.compile("/my"))


def test_the_page_without_a_signal_has_a_way_out(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.context.set_offline(True)
    # In a hall with Wi-Fi that leads nowhere a browser says that it is online.
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")
    page.goto(f"/group/sessions/{session_id}/room")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("The service signs you out when there is a signal")).to_be_visible()
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text("There is nothing of a session on this phone.")).to_be_visible()
    expect(page.get_by_text("Keep going")).to_be_hidden()
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/group")
    page.wait_for_url("**/")
    page.goto("/group")
    expect(page).to_have_url(re.compile("/sign-in"))
