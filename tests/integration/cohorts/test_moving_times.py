"""A session at another time: how a time is read, what is looked at before anybody is told, what is said where."""

# ruff: noqa: F811 - fixtures of another file
from __future__ import annotations

import re

import pytest

from app.cohorts.messages.days import days_ever, moment_word
from app.cohorts.queries import list_sessions
from app.extensions import db
from app.papers.gather import _gone_days
from app.shell.dates import in_words
from infra.clock import today
from infra.ids import new_id
from tests.integration.cohorts.test_staff_sessions import (  # noqa: F401 - fixtures
    last,
    last_on_weekday,
    move,
    moving,
    open_day,
    run,
    senco,
    terms,
    told,
)
from tests.integration.test_state_words import put  # noqa: F401 - a fixture
from tests.support.reading import find_in


def test_an_hour_without_am_or_pm_is_the_groups_own_and_is_looked_at_before_anybody_is_told(
    senco, run, terms, last
):
    """6.30 for a group that meets at quarter to six called ten parents to school before dawn."""
    session_id, was = last
    to, address = open_day(was, terms), f"/school/groups/sessions/{session_id}/move"

    looked = senco.post(address, data=moving(to, starts_at="6.30"))

    assert "Check the new dates" in looked.text
    assert "6:30pm" in looked.text
    assert told(run, "session_moved") == []
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(was,)]
    assert move(senco, address, moving(to, starts_at="6.30")).status_code == 303
    assert str(run("select starts_at from cohort_session where id = :id", id=session_id)[0][0]) == "18:30:00"


def test_an_hour_before_dawn_is_asked_about_and_kept_as_it_was_typed(senco, run, terms, last):
    session_id, was = last
    to, address = open_day(was, terms), f"/school/groups/sessions/{session_id}/move"
    looked = senco.post(address, data=moving(to, starts_at="6.30am"))
    assert "Is it right?" in looked.text
    sent = dict(re.findall(r'<input type="hidden" name="(starts_at|plan)" value="([^"]*)">', looked.text))
    assert senco.post(address, data=moving(to, **sent)).status_code == 303
    assert str(run("select starts_at from cohort_session where id = :id", id=session_id)[0][0]) == "06:30:00"


def test_a_session_can_move_to_another_time_of_the_same_day(senco, run, last_on_weekday):
    session_id, was = last_on_weekday
    address = f"/school/groups/sessions/{session_id}/move"
    offered = senco.get(address).text
    assert f'value="{was.isoformat()}"' in offered
    assert "at another time" in offered

    same = senco.post(address, data=moving(was), follow_redirects=True)
    assert "at that time already" in same.text
    assert told(run, "session_moved") == []
    assert move(senco, address, moving(was, starts_at="6.15")).status_code == 303
    assert len(told(run, "session_moved")) == 4
    assert "moved from" not in senco.get("/school/groups").text


def test_a_time_of_today_that_is_over_is_refused(senco, run, last):
    session_id, _was = last
    run("update cohort_session set on_date = :on where id = :id", on=today(), id=session_id)
    answer = senco.post(
        f"/school/groups/sessions/{session_id}/move", data=moving(today(), starts_at="12:01am")
    )
    assert "That time has passed today" in answer.text


def test_no_sentence_is_empty_where_a_session_has_no_topic_yet(senco, run, last):
    session_id, _was = last
    run("update cohort_session set topic = '' where id = :id", id=session_id)
    for page in ("cancel", "register"):
        text_of_it = senco.get(f"/school/groups/sessions/{session_id}/{page}").text
        assert not re.search(r"\.\s*\.", re.sub(r"<[^>]+>", "", text_of_it)), page


def test_a_move_that_was_agreed_to_on_other_dates_is_looked_at_again(senco, run, terms, last):
    """Two at school: one leaves the second page open, a colleague moves it; the first then presses."""
    session_id, was = last
    mine, theirs = open_day(open_day(was, terms), terms), open_day(was, terms)
    address = f"/school/groups/sessions/{session_id}/move"
    looked = senco.post(address, data=moving(mine)).text
    plan = find_in(r'name="plan" value="([^"]+)"', looked)[1]
    assert move(senco, address, moving(theirs)).status_code == 303

    again = senco.post(address, data=moving(mine, plan=plan))

    assert "Somebody else moved session" in again.text
    assert in_words(theirs) in again.text
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(theirs,)]
    assert len(told(run, "session_moved")) == 4, "the colleague's alone"
    plan = find_in(r'name="plan" value="([^"]+)"', again.text)[1]
    assert senco.post(address, data=moving(mine, plan=plan)).status_code == 303
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(mine,)]


def seen_on(page):
    """When the session was, as the page carries it."""
    return find_in(r'name="seen"[^>]* value="([^"]+)"', page)[1]


def test_a_session_that_was_moved_meanwhile_is_not_called_off_without_a_word(senco, run, terms, last):
    session_id, was = last
    theirs, address = open_day(was, terms), f"/school/groups/sessions/{session_id}"
    seen = seen_on(senco.get(f"{address}/cancel").text)
    assert move(senco, f"{address}/move", moving(theirs)).status_code == 303

    page = senco.post(f"{address}/cancel", data={"reason": "The boiler is out", "seen": seen}).text

    assert "Somebody else moved session" in page
    assert "The boiler is out" in page
    assert in_words(theirs) in page
    assert told(run, "session_cancelled") == []
    seen = seen_on(page)
    answer = senco.post(f"{address}/cancel", data={"reason": "The boiler is out", "seen": seen})
    assert answer.status_code == 303
    assert len(told(run, "session_cancelled")) == 4


@pytest.mark.parametrize(
    "on_date",
    [
        ["9" * 26, "1", "2027"],
        [f"{'9' * 11}-1-1"],
        ["1", "9" * 26, "2027"],
        ["1", "1", "9" * 5000],
        ["1-1-0001"],
    ],
)
def test_a_day_that_no_calendar_has_is_refused_in_words(senco, run, last, on_date):
    session_id, was = last
    data = {"on_date": on_date, "starts_at": "5:45pm", "later": "stay"}
    answer = senco.post(f"/school/groups/sessions/{session_id}/move", data=data)
    assert answer.status_code == 200
    assert "Choose a day from the list" in answer.text
    assert run("select on_date from cohort_session where id = :id", id=session_id) == [(was,)]


def test_pages_say_moved_from_the_last_day_that_anybody_was_told(senco, run, put, terms, last):
    session_id, was = last
    first = open_day(was, terms)
    second = open_day(first, terms)
    address = f"/school/groups/sessions/{session_id}/move"
    stands = "select moved_from, on_date from cohort_session where id = :id"

    move(senco, address, moving(first))
    move(senco, address, moving(second))
    assert run(stands, id=session_id) == [(was, second)], "nothing of the first had gone"

    put("update outbox set state = 'sent' where state = 'queued' and subject_id = :id", id=session_id)
    move(senco, address, moving(first))
    assert run(stands, id=session_id) == [(second, first)]


def test_a_group_that_moves_along_says_from_when_each_day_moved(senco, run, terms, world):
    asked = (
        "select id, on_date, starts_at from cohort_session where cohort_id = :id and state = 'planned'"
        " and on_date > current_date order by number"
    )
    coming = run(asked, id=world.school.ids["cohort_id"])
    to = open_day(coming[0].on_date, terms)

    answer = move(senco, f"/school/groups/sessions/{coming[0].id}/move", moving(to, later="move"))

    assert answer.status_code == 303
    moves = run("select distinct step from outbox where kind = 'dates_moved'")
    (step,) = (row.step for row in moves)
    after = run(asked, id=world.school.ids["cohort_id"])
    expected = [
        f"{moment_word(old.on_date, old.starts_at)}>{moment_word(new.on_date, new.starts_at)}"
        for old, new in zip(coming, after, strict=True)
    ]
    # Whatever else is to come today stays on its day.
    assert step.split(" ")[-len(expected) :] == expected


TOUCHED = {
    "called off": ("session_cancelled", {"reason": "The hall floods"}),
    "in another room": ("", {}),
}


@pytest.mark.parametrize("what", TOUCHED)
def test_what_was_told_of_all_dates_is_known_whatever_happens_to_a_session_since(
    senco, run, put, terms, world, what
):
    """Parents stayed away from a day on which they meet: it had been the day of another session before."""
    cohort_id = world.school.ids["cohort_id"]
    stands = "select id, on_date, starts_at from cohort_session where cohort_id = :id and number = :number"

    def find(number):
        return run(stands, id=cohort_id, number=number)[0]

    # Given that all moved along, and everybody was told.
    ((sixth, _, _), first_day) = find(6), find(7).on_date
    seventh = find(7).id
    assert (
        move(
            senco,
            f"/school/groups/sessions/{sixth}/move",
            moving(open_day(find(6).on_date, terms), later="move"),
        ).status_code
        == 303
    )
    put("update outbox set state = 'sent' where kind = 'dates_moved'")
    heard = find(7)
    assert heard.on_date != first_day

    # When something else happens to the seventh, and then it gets another day,
    if what == "called off":
        senco.post(f"/school/groups/sessions/{seventh}/cancel", data={"reason": "The hall floods"})
        put("update outbox set state = 'sent' where kind like 'session_cancelled%'")
    else:
        run("update cohort_session set room = 'Hall 2' where id = :id", id=seventh)
        run(
            "update cohort_session set changed_at = app.now() + interval '1 second' where id = :id",
            id=seventh,
        )
    to = open_day(find(8).on_date, terms) if what == "called off" else find(7).on_date
    hour = "5:45pm" if what == "called off" else "6:30pm"
    answer = move(senco, f"/school/groups/sessions/{seventh}/move", moving(to, starts_at=hour, later="stay"))
    assert answer.status_code == 303, answer.text

    # Then the day that changes is the one that they heard last.
    was = run("select moved_from, moved_from_starts_at from cohort_session where id = :id", id=seventh)
    assert was == [(heard.on_date, heard.starts_at)]
    steps = run(
        "select distinct step_before from outbox where kind = 'session_moved' and subject_id = :id",
        id=seventh,
    )
    assert steps == [(moment_word(heard.on_date, heard.starts_at),)]


def test_whoever_opens_the_room_and_who_leads_read_the_hour_of_the_session(at, client_for, world, run):
    """Given a group that meets at quarter to six and a session that was moved to 4pm
    When the school and who leads open their first page
    Then both read 4pm: the room was opened when the meeting was over."""
    at(9)
    run(
        "update cohort_session set starts_at = '16:00', ends_at = '17:30' where cohort_id = :id and number = 4",
        id=world.school.ids["cohort_id"],
    )

    at_school = client_for(world.school.senco).get("/school").text
    assert "Open the room for" in at_school
    assert "Library, 4pm. Session 4" in at_school
    assert "5:45pm" not in at_school
    leads = client_for(world.school.facilitator).get("/group").text
    assert "Lead session 4" in leads
    assert re.search(r"Session 4, [^<]*, 4pm", leads)
    assert "5:45pm" not in leads


def test_a_room_is_taken_at_the_hour_of_the_session_and_not_of_its_group(senco, world, run, last_on_weekday):
    """Given a session that was moved to 2pm, and another group in its room at half past six
    Then nobody is asked to move it; and given the other one at half past two, they are."""
    session_id, was = last_on_weekday
    run("update cohort_session set starts_at = '14:00', ends_at = '15:30' where id = :id", id=session_id)
    other = new_id()
    run(
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state)"
        " values (:school, :id, :cohort, 1, :day, '18:30', '20:00', 'Library', 'planned')",
        school=world.school.school_id,
        id=other,
        cohort=world.school.ids["forming_cohort_id"],
        day=was,
    )
    assert "has the room" not in senco.get("/school").text

    run("update cohort_session set starts_at = '14:30', ends_at = '16:00' where id = :id", id=other)
    assert "has the room" in senco.get("/school").text


def test_the_printed_dates_name_every_day_that_a_session_ever_had(senco, run, terms, last, app, world):
    """Given a session that moved twice, and then to another hour of the same day
    Then both days that are no more stand on the sheet: an older one on the fridge may name either."""
    session_id, was = last
    between = open_day(was, terms)
    address = f"/school/groups/sessions/{session_id}/move"
    for to, at in (
        (between, "5:45pm"),
        (open_day(between, terms), "5:45pm"),
        (open_day(between, terms), "6:30pm"),
    ):
        assert move(senco, address, moving(to, starts_at=at)).status_code == 303

    school_id, cohort_id = world.school.school_id, world.school.ids["cohort_id"]
    with app.test_request_context():
        session = db.session()
        session.enter(world.school.lead.scope)
        meetings = list_sessions(session, school_id, cohort_id)
        gone = _gone_days(meetings, days_ever(session, school_id, cohort_id, meetings))
        session.commit()
        db.session.remove()

    assert [one.on for one in gone if one.number == 8] == [was, between]
