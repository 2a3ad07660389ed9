"""A session's state follows the clock and what was closed, never what was saved."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from app.messages.catalogue import KINDS
from infra.clock import LONDON
from infra.storage import tenant_key
from tests.integration.meetings.test_those_who_lead import everybody_is_marked, marks_for, notes_are_written
from tests.integration.test_state_words import put  # noqa: F401 - a fixture

HOUR = timedelta(hours=1)


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def tonight_id(look, school):
    asked = "select id from cohort_session where cohort_id = :id and number = 4"
    return look(school.facilitator, asked, id=school.ids["cohort_id"])[0].id


@pytest.fixture
def close(tonight_id):
    def press(leader, **data):
        return leader.post(f"/group/sessions/{tonight_id}/close", data=data)

    return press


def state_of(look, school, session_id):
    return look(school.lead, "select state from cohort_session where id = :id", id=session_id)[0].state


def test_a_register_saved_in_the_morning_changes_nobody_elses_page(
    at, client_for, school, tonight_id, look, close
):
    at(9)
    leader, parent = client_for(school.facilitator), client_for(school.parent)
    before = parent.get("/my").text
    everybody_is_marked(leader, school, tonight_id)
    assert state_of(look, school, tonight_id) == "planned"
    assert parent.get("/my").text == before
    assert parent.post(f"/my/sessions/{tonight_id}/cannot-come", follow_redirects=True).status_code == 200
    asked = "select parent_id from absence_notice where session_id = :id"
    assert [row.parent_id for row in look(school.facilitator, asked, id=tonight_id)] == [
        school.parent.person_id
    ]
    page = close(leader, without_notes="y", finished_early="y")
    assert "begins on" in page.text
    assert state_of(look, school, tonight_id) == "planned"


def test_closing_before_the_end_is_asked_about(at, client_for, school, tonight_id, look, close):
    at(18)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    assert "planned until 7:15pm" in close(leader, without_notes="y").text
    assert state_of(look, school, tonight_id) == "planned"
    assert close(leader, without_notes="y", finished_early="y").status_code == 303
    assert state_of(look, school, tonight_id) == "closed"


def test_home_moves_on_when_the_session_is_over_and_not_before(at, client_for, school, look):
    asked = "select on_date from cohort_session where id = :id"
    next_week = look(school.parent, asked, id=school.ids["next_session_id"])[0].on_date
    for hour, minute, shown in ((19, 14, next_week - timedelta(days=7)), (19, 15, next_week)):
        at(hour, minute)
        page = client_for(school.parent).get("/my/group").text
        assert f"<b>{shown.day}</b>" in page


def test_a_session_that_is_over_and_not_closed_means_the_same_on_every_page(
    at, client_for, school, tonight_id, look
):
    """Given somebody who sent apologies for it, when it is over, then next and done are the same for all."""
    at(10)
    client_for(school.parent).post(f"/my/sessions/{tonight_id}/cannot-come")
    leader = client_for(school.facilitator)
    assert "Can’t come next time" in leader.get("/group/cohort").text
    at(20)
    led = client_for(school.facilitator).get("/group/cohort").text
    assert "is over, and waits to be closed" in led
    assert "Can’t come next time" not in led
    theirs = client_for(school.parent).get("/my/group").text
    staffs = client_for(school.lead).get(f"/school/groups/{school.ids['cohort_id']}").text
    for state in ("done", "next"):
        seen = {
            tuple(re.findall(rf'wb-session--{state}"><span[^>]*>(\d)', page))
            for page in (led, theirs, staffs)
        }
        assert len(seen) == 1, (state, seen)
        assert seen != {()}


@pytest.mark.parametrize(("hour", "minute", "is_taken"), [(19, 14, True), (19, 15, False)])
def test_somebody_can_say_that_they_cannot_come_until_the_end(
    at, client_for, school, tonight_id, look, hour, minute, is_taken
):
    at(hour, minute)
    client_for(school.parent).post(f"/my/sessions/{tonight_id}/cannot-come")
    asked = "select 1 from absence_notice where session_id = :id"
    assert bool(look(school.facilitator, asked, id=tonight_id)) is is_taken


def test_staff_do_not_read_who_was_thanked_for_coming(at, client_for, school, tonight_id, look, close):
    at(19, 30)
    leader = client_for(school.facilitator)
    unset = {f"choose-topic_{number}": "" for number in (5, 6, 7)}
    leader.post(f"/group/cohorts/{school.ids['cohort_id']}/topics", data=unset)
    marks = marks_for(school, parent="late", other_parent="apology")
    leader.post(f"/group/sessions/{tonight_id}/register", data=marks)
    assert close(leader, without_notes="y").status_code == 303
    asked = "select kind, recipient_id from outbox where kind in ('halfway', 'choose_topics')"
    assert look(school.lead, asked) == [], "staff learn who came"


def test_messages_wait_for_the_hour_in_which_it_can_be_opened_again(
    at, client_for, school, tonight_id, look, close
):
    closed_at = at(19, 30)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    assert close(leader).status_code == 303
    asked = "select next_at, created_at from outbox where kind = 'notes_ready' and subject_id = :id"
    assert {row.next_at for row in look(school.lead, asked, id=tonight_id)} == {closed_at + HOUR}


def test_every_page_of_a_closed_session_says_what_is_true_and_opens_it_again(
    at, client_for, school, tonight_id, close
):
    at(19, 30)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    group = f"/group/cohort?cohort={school.ids['cohort_id']}"
    assert "Session 4 is over, and waits to be closed." in leader.get(group).text
    close(leader)
    pages = (group, f"/group/sessions/{tonight_id}/tonight", f"/group/sessions/{tonight_id}/notes")
    for page in pages:
        text = leader.get(page).text
        assert f"/group/sessions/{tonight_id}/reopen" in text, page
        assert "8:30pm" in text, page
        assert "have been sent, so they cannot be changed" not in text, page
        assert "Finish the notes together" not in text, page
    assert "Close the session" not in leader.get(pages[1]).text
    again = leader.post(pages[2], data={"main_points": "Other words"}).text
    assert "Open it again first" in again

    at(20, 30)
    for page in pages:
        assert "/reopen" not in leader.get(page).text, page
    assert "have been sent, so they cannot be changed" in leader.get(pages[2]).text


def test_a_closed_session_opens_again_for_an_hour(at, client_for, school, tonight_id, look, close):
    at(19, 30)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    close(leader)
    at(20, 29)
    for _press in range(2):
        assert leader.post(f"/group/sessions/{tonight_id}/reopen").status_code == 303
    assert state_of(look, school, tonight_id) == "planned"
    assert (
        "These notes are being changed"
        in client_for(school.parent).get(f"/my/sessions/{tonight_id}/notes").text
    )
    assert (
        leader.post(
            f"/group/sessions/{tonight_id}/register", data=marks_for(school, other_parent="late")
        ).status_code
        == 303
    )
    assert close(leader).status_code == 303
    asked = "select count(*) from audit_event where event = 'cohorts:session:reopened' and subject_id = :id"
    assert look(school.lead, asked, id=tonight_id)[0].count == 1
    # Colleagues read who closed it, and who opened it again: people who lead have names there too.
    history = client_for(school.lead).get(f"/school/groups/{school.ids['cohort_id']}").text
    history = history.partition("What happened")[2]
    for what in ("Session 4 closed", "Session 4 opened again"):
        assert school.facilitator.name in history.partition(what)[2][:400], what
    at(21, 30)
    page = leader.post(f"/group/sessions/{tonight_id}/reopen", follow_redirects=True)
    assert "That hour is over" in page.text
    assert state_of(look, school, tonight_id) == "closed"


def test_sessions_of_others_are_not_opened(at, client_for, world, school):
    at(19, 30)
    leader = client_for(school.facilitator)
    for foreign in (world.sibling_school.ids["session_id"], world.other_school.ids["session_id"]):
        assert leader.post(f"/group/sessions/{foreign}/reopen").status_code == 404


@pytest.mark.parametrize(
    ("on", "before_start", "after_end"),
    [
        # Summer time ends at two in the morning, and begins at one: the evening is six by the clock all the same.
        (date(2026, 10, 25), (17, 44), (19, 16)),
        (date(2027, 3, 28), (17, 44), (19, 16)),
        (date(2028, 2, 29), (17, 44), (19, 16)),
    ],
)
def test_odd_days_have_ordinary_evenings(
    clock, client_for, school, tonight_id, look, close, on, before_start, after_end
):
    look(school.lead, "update cohort_session set on_date = :on where id = :id", on=on, id=tonight_id)
    clock.set(datetime.combine(on, time(*before_start), LONDON))
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    assert "begins on" in close(leader, without_notes="y").text
    clock.set(datetime.combine(on, time(*after_end), LONDON))
    assert close(client_for(school.facilitator), without_notes="y").status_code == 303


def test_a_session_that_ends_at_a_minute_to_midnight_is_open_until_then(
    clock, client_for, school, tonight_id, look, at
):
    look(
        school.lead,
        "update cohort_session set starts_at = '22:29', ends_at = '23:59' where id = :id",
        id=tonight_id,
    )
    at(23, 58)
    parent = client_for(school.parent)
    assert parent.post(f"/my/sessions/{tonight_id}/cannot-come").status_code == 303
    at(23, 59)
    page = parent.post(f"/my/sessions/{tonight_id}/can-come", follow_redirects=True)
    assert "nothing to tell us" in page.text


def test_staff_call_off_a_session_that_was_not_and_nobody_is_told_of_the_past(
    at, client_for, school, tonight_id, look
):
    at(20, days=1)
    staff = client_for(school.lead)
    address = f"/school/groups/sessions/{tonight_id}/cancel"
    assert staff.post(address, data={"reason": "The caretaker was ill"}).status_code == 303
    assert state_of(look, school, tonight_id) == "cancelled"
    asked = "select 1 from outbox where kind like 'session_cancelled%' and subject_id = :id"
    assert look(school.lead, asked, id=tonight_id) == []


def test_staff_cannot_call_off_what_the_register_shows_to_have_been(at, client_for, school, tonight_id, look):
    at(18)
    everybody_is_marked(client_for(school.facilitator), school, tonight_id)
    staff = client_for(school.lead)
    page = staff.post(f"/school/groups/sessions/{tonight_id}/cancel", data={"reason": "A mistake"})
    assert "have marked who came" in page.text
    assert state_of(look, school, tonight_id) == "planned"


def test_marks_made_for_a_day_that_moved_do_not_count_on_the_new_one(
    at, client_for, school, tonight_id, look, close
):
    at(9)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    look(school.lead, "update cohort_session set on_date = on_date + 1 where id = :id", id=tonight_id)
    at(19, 30, days=1)
    leader = client_for(school.facilitator)
    assert "Take the register first" in close(leader, without_notes="y").text
    everybody_is_marked(leader, school, tonight_id)
    assert close(leader, without_notes="y").status_code == 303


@pytest.fixture
def printed(app, put, look, school, tonight_id):  # noqa: F811 - a fixture
    """Makes the newest document of the notes of session 4, as a worker does; its address."""

    def make():
        asked = (
            "select id from document where kind = 'learning_notes' and subject_id = :id and state = 'queued'"
        )
        document_id = look(school.facilitator, asked, id=tonight_id)[-1].id
        key = tenant_key(school.school_id, document_id, 1)
        content = f"%PDF {document_id}".encode()
        digest = sha256(content).hexdigest()
        app.extensions["storage"].put(key, content, "application/pdf", digest)
        put(
            "update document set state = 'ready', ready_at = app.now(), object_key = :key, sha256 = :digest, size = 10"
            " where id = :id",
            id=document_id,
            key=key,
            digest=digest,
        )
        return f"/documents/{document_id}"

    return make


def test_a_session_opened_again_takes_its_notes_away_from_all_but_those_who_write_them(
    at, client_for, school, tonight_id, close, printed
):
    at(19, 30)
    leader, parent = client_for(school.facilitator), client_for(school.parent)
    notes = f"/my/sessions/{tonight_id}/notes"
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    assert parent.get(notes).status_code == 404, "written for the first time: nothing was there"
    close(leader)
    first = printed()
    assert first in parent.get(notes).text
    assert parent.get(first).status_code == 302

    at(19, 40)
    leader.post(f"/group/sessions/{tonight_id}/reopen")
    page = parent.get(notes)
    assert page.status_code == 200
    assert "These notes are being changed" in page.text
    assert first not in page.text
    assert "The notes of this meeting are being changed" in parent.get(f"/my/sessions/{tonight_id}").text
    gone = ("", "?older=yes", "/waiting")
    assert [parent.get(f"{first}{end}").status_code for end in gone] == [404, 404, 404]
    assert leader.get(first).status_code == 302

    at(19, 50)
    leader.post(f"/group/sessions/{tonight_id}/notes", data={"main_points": "Other words"})
    close(leader)
    second = printed()
    assert "Other words" in parent.get(notes).text
    assert parent.get(second).status_code == 302
    assert [parent.get(f"{first}{end}").status_code for end in gone] == [404, 404, 404]
    assert leader.get(f"{first}?older=yes").status_code == 302


def test_notes_that_are_not_sent_again_are_not_said_to_be_changing(
    at, client_for, school, tonight_id, look, close
):
    at(19, 30)
    leader, parent = client_for(school.facilitator), client_for(school.parent)
    everybody_is_marked(leader, school, tonight_id)
    close(leader, without_notes="y")
    page = f"/group/sessions/{tonight_id}/tonight"
    assert "Read the notes" not in leader.get(page).text
    leader.post(f"/group/sessions/{tonight_id}/reopen")
    assert parent.get(f"/my/sessions/{tonight_id}/notes").status_code == 404, "there were none"
    notes_are_written(leader, tonight_id)
    close(leader)
    assert "Read the notes" in leader.get(page).text
    leader.post(f"/group/sessions/{tonight_id}/reopen")
    look(
        school.facilitator, "update learning_notes set main_points = '' where session_id = :id", id=tonight_id
    )
    close(leader, without_notes="y")
    assert parent.get(f"/my/sessions/{tonight_id}/notes").status_code == 404
    assert "being changed" not in parent.get(f"/my/sessions/{tonight_id}").text


def test_what_was_to_be_told_of_a_closing_is_dropped_as_it_is_opened_again(
    at,
    client_for,
    school,
    tonight_id,
    look,
    close,
    put,  # noqa: F811 - a fixture
):
    for member, email in (("parent", "reached@example.org"), ("other_parent", "")):
        address = {"email": email, "id": school.people[member].person_id}
        put("update parent_contact set email = :email where parent_id = :id", **address)
    at(19, 30)
    leader = client_for(school.facilitator)
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    close(leader)
    asked = "select state, problem from outbox where kind = 'notes_ready' and subject_id = :id order by id"
    first = look(school.lead, asked, id=tonight_id)
    assert {row.problem for row in first} == {"", "no_address"}, "one is reached by email, one is not"
    at(19, 40)
    leader.post(f"/group/sessions/{tonight_id}/reopen")
    dropped = look(school.lead, asked, id=tonight_id)
    assert {(row.state, row.problem) for row in dropped} == {("held_back", "plan_changed")}
    at(19, 50)
    close(leader)
    assert look(school.lead, asked, id=tonight_id) == [*dropped, *first]
    for member in ("parent", "other_parent"):
        page = client_for(school.lead).get(f"/school/parents/{school.people[member].person_id}").text
        assert page.count("Notes are ready") == 1, member


def test_every_kind_about_a_closed_session_is_dropped(connection):
    body = connection.scalar(text("select prosrc from pg_proc where proname = 'session_opened_again'"))
    about = {kind.name for kind in KINDS.values() if kind.session_state == "closed"}
    assert set(re.findall(r"'(\w+)'", body.partition("o.kind in")[2])) == about
