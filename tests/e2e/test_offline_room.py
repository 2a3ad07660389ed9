"""The room companion in a real browser whose network is cut: it goes on, comes back, and gives nothing away."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from infra.clock import now
from tests.e2e.rooms import OFFLINE, SAVED, open_room, person_of, pressed


def test_marks_without_a_signal_are_sent_when_it_is_back(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)

    pressed(page, parent, "Late").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    expect(person_of(page, parent)).to_contain_text("Not sent yet")
    assert parent.hex not in marks()

    # The phone was put away and the page thrown out; it opens again without a signal, with what was marked.
    page.goto(f"/group/sessions/{session_id}/room")
    expect(pressed(page, parent, "Late")).to_have_attribute("aria-pressed", "true")
    assert parent.hex not in marks()

    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert marks()[parent.hex] == "late"


def test_undo_takes_a_mark_back_also_after_it_was_sent(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    pressed(page, parent, "Away").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert marks()[parent.hex] == "absent"

    page.get_by_role("button", name="Undo").click()
    expect(pressed(page, parent, "Away")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert parent.hex not in marks()


def test_a_mark_taken_back_while_it_is_on_its_way_is_taken_back_there_too(
    signed_in, world, session_id, marks
):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)

    def slowly(route):
        if route.request.method == "POST":
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/room.json", slowly)
    with page.expect_request(lambda asked: asked.method == "POST"):
        pressed(page, parent, "Here").click()
    pressed(page, parent, "Here").click()
    page.wait_for_timeout(6000)

    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(pressed(page, parent, "Here")).to_have_attribute("aria-pressed", "false")
    assert parent.hex not in marks()


def test_undo_leaves_what_somebody_else_marked_since(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.get_by_role("button", name="All the others are here").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    marks.connection.execute("update attendance set mark = 'absent' where parent_id = %s", (parent,))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(pressed(page, parent, "Away")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(2000)
    assert marks()[parent.hex] == "absent"


def test_what_somebody_else_marked_meanwhile_is_shown_and_chosen_between(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    marks.connection.execute(
        "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
        " select school_id, id, %s, cohort_id, 'absent', now() from cohort_session where id = %s",
        (parent, session_id),
    )
    page.context.set_offline(False)

    clash = person_of(page, parent).locator("[data-clash]")
    expect(clash).to_contain_text("somebody else marked “Away”. You marked “Here”.")
    assert marks()[parent.hex] == "absent"
    clash.get_by_role("button", name="Use mine").click()
    expect(clash).to_be_hidden()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks()[parent.hex] == "present"


def test_marks_of_a_session_that_was_closed_meanwhile_stay_and_are_said(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    closed = "update cohort_session set state = %s, closed_at = %s where id = %s"
    marks.connection.execute(closed, ("closed", now() - timedelta(hours=2), session_id))
    page.context.set_offline(False)

    expect(page.get_by_text("This could not be saved. It is still on this phone.")).to_be_visible()
    expect(page.locator("[data-why-not]")).to_contain_text("This session is closed")
    expect(person_of(page, parent)).to_contain_text("the register says “nothing”. You marked “Here”")
    expect(pressed(page, parent, "Here")).to_have_attribute("aria-pressed", "false")
    assert parent.hex not in marks()

    page.get_by_role("button", name="Take it off this phone").click()
    expect(page.get_by_text("Some of it has not been sent.")).to_be_visible()
    page.get_by_role("button", name="Take it off this phone").click()
    expect(page.get_by_text("Nothing of the session is on this phone any more.")).to_be_visible()
    marks.connection.execute(closed, ("planned", None, session_id))


def test_the_clock_goes_on_over_a_reload_without_a_signal(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("30 minutes left")).to_be_visible()
    page.get_by_role("button", name="Next part").click()
    expect(page.get_by_text("20 minutes left")).to_be_visible()
    page.wait_for_timeout(300)

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("20 minutes left")).to_be_visible()
    page.context.set_offline(False)


def test_a_look_back_without_a_signal_arrives(signed_in, world, session_id, marks):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.context.set_offline(True)
    page.get_by_label("We have said the rules").check(force=True)
    page.get_by_label("Summing up").check(force=True)
    page.get_by_label("Nearly").check(force=True)
    page.get_by_label("Not everybody").check(force=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    row = marks.connection.execute(
        "select parts, times, turns, rules_said_at is not null from session_reflection where session_id = %s",
        (session_id,),
    ).fetchone()
    assert row == (["summing_up"], "nearly", "not_everybody", True)
