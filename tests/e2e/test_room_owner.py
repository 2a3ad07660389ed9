"""Marks on a shared phone: neither shown to, nor sent or destroyed by, anybody but who made them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.rooms import KEPT_HERE, OFFLINE, SAVED, open_room, person_of, pressed


def test_names_lie_sealed_and_the_key_cannot_be_read_out(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    name = person_of(page, world.school.parent.person_id).locator(".wb-room__name").inner_text()
    page.wait_for_timeout(300)

    kept = page.evaluate(KEPT_HERE)

    assert "key:false" in kept
    assert name not in kept
    assert world.school.facilitator.name not in kept


def test_somebody_else_on_the_same_phone_sees_and_sends_nothing_of_it(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.clear_cookies()

    # The session was over when the signal came back: nothing is lost, and nothing is sent as nobody.
    page.context.set_offline(False)
    expect(page.get_by_text("You are signed out. What you marked is still on this phone.")).to_be_visible()
    assert parent.hex not in marks()

    signed_in(world.school.parent).goto("/my/home")
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.locator("li[data-of]")).to_have_count(0)
    assert parent.hex not in marks()

    signed_in(world.school.facilitator).goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks()[parent.hex] == "present"


def test_another_account_with_a_slow_signal_reads_no_name(signed_in, world, session_id, marks):
    """Given marks of one who led, when a parent opens that page and the service takes its time, then nothing shows."""
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    name = person_of(page, parent).locator(".wb-room__name").inner_text()
    page.context.clear_cookies()
    signed_in(world.school.parent)

    def slowly(route):
        page.wait_for_timeout(6000)
        route.continue_()

    page.context.route("**/room", slowly)
    page.goto(f"/group/sessions/{session_id}/room")
    assert name not in page.content()
    expect(page.get_by_text("Somebody else, or you in another role, is signed in here now.")).to_be_visible()
    expect(page.locator("li[data-of]")).to_have_count(0)
    assert name not in page.content()
    page.context.unroute_all(behavior="ignoreErrors")


def test_another_account_without_a_signal_marks_nobody_in_that_name(signed_in, world, session_id, marks):
    """Given a parent who was signed in last, when there is no signal, then the page of who led stays shut."""
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.set_offline(False)
    page.context.clear_cookies()
    signed_in(world.school.parent).goto("/my/home")
    marks.connection.execute("delete from attendance where session_id = %s", (session_id,))

    page.context.set_offline(True)
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text("No signal.", exact=True)).to_be_visible()
    expect(page.locator("li[data-of]")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_text("Somebody else, or you in another role, is signed in here now.")).to_be_visible()
    assert marks() == {}


def test_an_open_page_shuts_when_somebody_else_signs_in_beside_it(signed_in, world, session_id):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    name = person_of(page, parent).locator(".wb-room__name").inner_text()
    page.context.clear_cookies()
    signed_in(world.school.parent)

    page.context.new_page().goto("/my/home")
    expect(page.get_by_text("Somebody else, or you in another role, is signed in here now.")).to_be_visible()
    assert name not in page.locator("main").inner_text()


def test_who_leads_elsewhere_neither_destroys_nor_sends_what_waits(signed_in, world, session_id, marks):
    """Given marks that wait, when others who lead open the page and sign out, then they wait for who made them."""
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Late").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.get_by_text("You are signed out. What you marked is still on this phone.")).to_be_visible()
    expect(page.locator("li[data-of]")).to_have_count(0)

    signed_in(world.other_school.facilitator).goto(f"/group/sessions/{session_id}/room")
    page.goto("/group")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert marks() == {}

    # Nobody is signed in: without a signal the page shows nothing either.
    page.context.set_offline(True)
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text("waits for whoever marked it. When there is a signal")).to_be_visible()
    page.context.set_offline(False)

    signed_in(world.school.facilitator).goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks()[parent.hex] == "late"
