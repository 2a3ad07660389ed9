"""What a phone kept of a room goes with whoever signs out, also without a signal, and the service ends the session."""

from __future__ import annotations

import pytest
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
