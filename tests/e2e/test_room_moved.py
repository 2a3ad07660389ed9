"""Marks whose session, person or leader went meanwhile: nothing is lost without a word, and no word is untrue."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from infra.clock import today
from tests.e2e.rooms import OFFLINE, SAVED, open_room, person_of, pressed


def mark_without_a_signal(page, session_id, parent, name):
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, name).click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()


def test_marks_of_a_session_that_was_moved_stay_until_they_are_taken_off(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    mark_without_a_signal(page, session_id, parent, "Late")
    move = "update cohort_session set on_date = %s where id = %s"
    marks.connection.execute(move, (today() + timedelta(days=1), session_id))
    try:
        page.context.set_offline(False)
        for _again in range(2):
            expect(page.get_by_text("This could not be saved. It is still on this phone.")).to_be_visible()
            expect(person_of(page, parent)).to_contain_text("You marked “Late”, and that is not in it.")
            page.reload()
        # Opened again it reads the day that it is on now.
        expect(page.locator("[data-timer]")).to_be_hidden()
        page.get_by_role("button", name="Take mine off").click()
        expect(page.get_by_text(SAVED)).to_be_visible()
        page.reload()
        expect(page.get_by_text(SAVED)).to_be_visible()
        assert page.evaluate("localStorage.getItem('wb-room')") in (None, "-")
    finally:
        marks.connection.execute(move, (today(), session_id))


def test_a_mark_for_somebody_who_left_the_group_is_said_with_the_name(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    mark_without_a_signal(page, session_id, parent, "Late")
    name = person_of(page, parent).locator(".wb-room__name").inner_text()
    whole = "select * from enrolment where parent_id = %s"
    marks.connection.execute("create temporary table was as " + whole, (parent,))
    marks.connection.execute(
        "update enrolment set joined_at = (select on_date + ends_at from cohort_session where id = %s)"
        "  + interval '3 hours' where parent_id = %s",
        (session_id, parent),
    )
    page.context.set_offline(False)

    expect(page.get_by_text("Not everything could be kept. Read below what.")).to_be_visible()
    lost = f"{name} is not in the group any more. Your mark “Late” for them was not kept."
    expect(page.get_by_text(lost)).to_be_visible()
    page.reload()
    expect(page.get_by_text(lost)).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    marks.connection.execute(
        "update enrolment set joined_at = was.joined_at from was"
        " where enrolment.parent_id = was.parent_id and enrolment.cohort_id = was.cohort_id"
    )


def test_who_leads_no_more_reads_which_marks_did_not_arrive(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    mark_without_a_signal(page, session_id, parent, "Late")
    name = person_of(page, parent).locator(".wb-room__name").inner_text()
    me = (world.school.facilitator.person_id,)
    marks.connection.execute("create temporary table led as select * from cohort_facilitator")
    marks.connection.execute("delete from cohort_facilitator where facilitator_id = %s", me)
    page.context.set_offline(False)

    expect(page.get_by_text("What you marked last did not arrive")).to_be_visible()
    expect(page.get_by_text(f"{name}: “Late”")).to_be_visible()
    marks.connection.execute("insert into cohort_facilitator select * from led where facilitator_id = %s", me)


def test_a_phone_whose_clock_is_a_day_behind_goes_by_ours(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    page.add_init_script("const real = Date.now.bind(Date); Date.now = () => real() - 86400000")
    open_room(page, session_id)
    page.get_by_label("Nearly").check(force=True)
    page.get_by_label("Not everybody").check(force=True)
    expect(page.get_by_text("Your look back is not: press Save")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Thank you. What you ticked is kept.")).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()


def test_before_it_has_begun_a_look_back_says_why_not_and_no_clock_starts(
    signed_in, world, session_id, marks
):
    page = signed_in(world.school.facilitator)
    move = "update cohort_session set on_date = %s where id = %s"
    marks.connection.execute(move, (today() + timedelta(days=1), session_id))
    try:
        page.goto(f"/group/sessions/{session_id}/room")
        expect(
            page.get_by_text("This session has not begun. Look back when it is over.").first
        ).to_be_visible()
        expect(page.get_by_role("button", name="Start")).to_be_hidden()
        expect(page.get_by_text("This phone keeps first names")).to_be_hidden()
    finally:
        marks.connection.execute(move, (today(), session_id))
