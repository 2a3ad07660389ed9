"""A session at another time: how a time is read, what is looked at before anybody is told, what is said where."""

# ruff: noqa: F811 - fixtures of another file
from __future__ import annotations

import re

from infra.clock import today
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
    assert move(senco, address, moving(to, starts_at="6.30")).status_code == 302
    assert str(run("select starts_at from cohort_session where id = :id", id=session_id)[0][0]) == "18:30:00"


def test_an_hour_before_dawn_is_asked_about_and_kept_as_it_was_typed(senco, run, terms, last):
    session_id, was = last
    to, address = open_day(was, terms), f"/school/groups/sessions/{session_id}/move"
    looked = senco.post(address, data=moving(to, starts_at="6.30am"))
    assert "Is it right?" in looked.text
    sent = dict(re.findall(r'<input type="hidden" name="(starts_at|plan)" value="([^"]*)">', looked.text))
    assert senco.post(address, data=moving(to, **sent)).status_code == 302
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
    assert move(senco, address, moving(was, starts_at="6.15")).status_code == 302
    assert len(told(run, "session_moved")) == 4
    assert "moved from" not in senco.get("/school/groups").text


def test_a_time_of_today_that_is_over_is_refused(senco, run, last):
    session_id, _was = last
    run("update cohort_session set on_date = :on where id = :id", on=today(), id=session_id)
    answer = senco.post(
        f"/school/groups/sessions/{session_id}/move", data=moving(today(), starts_at="12:01am")
    )
    assert "That time is over today" in answer.text


def test_no_sentence_is_empty_where_a_session_has_no_topic_yet(senco, run, last):
    session_id, _was = last
    run("update cohort_session set topic = '' where id = :id", id=session_id)
    for page in ("cancel", "register"):
        text_of_it = senco.get(f"/school/groups/sessions/{session_id}/{page}").text
        assert not re.search(r"\.\s*\.", re.sub(r"<[^>]+>", "", text_of_it)), page
