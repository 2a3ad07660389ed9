"""Two who lead, two sizes of text, pages beside the room: what each of them reads is so."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.rooms import OFFLINE, SAVED, open_room, person_of, pressed

MARKED = (
    "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
    " select school_id, id, %s, cohort_id, %s, now() from cohort_session where id = %s"
)


def test_what_another_marks_is_seen_without_a_press(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    marks.connection.execute(MARKED, (parent, "late", session_id))
    expect(pressed(page, parent, "Late")).to_have_attribute("aria-pressed", "true", timeout=30000)


def test_the_same_mark_of_two_is_not_taken_back_by_one_undo(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    page.get_by_role("button", name="All the others are here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    marks.connection.execute(MARKED, (parent, "present", session_id))
    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks() == {parent.hex: "present"}


def test_a_clash_ends_with_its_cause(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    marks.connection.execute(MARKED, (parent, "left_early", session_id))
    page.context.set_offline(False)
    expect(person_of(page, parent).locator("[data-clash]")).to_be_visible()

    marks.connection.execute("delete from attendance where session_id = %s", (session_id,))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(person_of(page, parent).locator("[data-clash]")).to_be_hidden()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks() == {parent.hex: "present"}


def test_what_waits_goes_with_the_next_page(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Late").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    assert marks() == {}

    page.goto(f"/group/sessions/{session_id}/register")
    expect(page.get_by_text("What you marked in the room has just been sent.")).to_be_visible()
    assert marks()[parent.hex] == "late"
    page.get_by_role("link", name="Show this page with it").click()
    expect(page.get_by_text("What you marked in the room")).to_be_hidden()


def test_a_mark_of_the_last_moment_goes_along_when_the_page_is_left(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    pressed(page, parent, "Late").click()
    page.get_by_role("link", name="Session 4", exact=True).click()
    page.wait_for_url("**/tonight")
    page.wait_for_timeout(2000)
    assert marks()[parent.hex] == "late"


def test_a_page_where_marks_cannot_be_sent_says_so_and_asks_before_signing_out(
    signed_in, world, session_id, marks
):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Late").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    page.context.route("**/room.json", lambda route: route.fulfill(status=502))

    page.goto("/group")
    expect(page.get_by_text("What you marked in the room is still on this phone")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Press Sign out once more, and it is gone.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate("localStorage.getItem('wb-room')") is None
    page.context.unroute_all(behavior="ignoreErrors")


def test_marks_grow_with_the_text_of_the_reader(signed_in, world, session_id):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    size = "button => parseFloat(getComputedStyle(button).fontSize)"
    before = pressed(page, parent, "Late").evaluate(size)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert pressed(page, parent, "Late").evaluate(size) == 2 * before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_browser_that_keeps_nothing_says_so(signed_in, world, session_id):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_text("This browser keeps nothing of the session.")).to_be_visible()
    expect(page.get_by_text("This phone keeps first names")).to_be_hidden()
    page.context.set_offline(True)
    pressed(page, parent, "Late").click()
    expect(page.get_by_text("nothing is kept on this phone. Leave this page open")).to_be_visible()
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
