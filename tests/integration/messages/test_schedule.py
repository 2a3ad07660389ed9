"""Reminders are written once, by the calendar, for those who are in the group."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine

from app.cohorts.messages.reminders import remind_of_sessions
from app.facilitators.asking import ask_to_lead
from app.recruitment.reminders import remind_of_invitations
from infra.clock import LONDON, now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.schedule import JOBS, Schedule, run_once


@pytest.fixture
def engine(place):
    engine = create_engine(sqlalchemy_url(place.stack.url("wb_documents")))
    yield engine
    engine.dispose()


@pytest.fixture
def remind(place, engine):
    """Run a job of the schedule at a moment, in the school."""

    def run(job, moment):
        school = place.world.school
        with ScopedSession(
            engine, scope=Scope(Audience.DOCUMENTS, school.authority_id, school.school_id)
        ) as session:
            written = job(session, school_id=school.school_id, moment=moment)
            session.commit()
        return written

    return run


@pytest.fixture
def meeting(place):
    """The next session: its row, and noon two days before it."""
    (row,) = place.sql(
        "select * from cohort_session where id = %s", place.world.school.ids["next_session_id"]
    )
    noon = datetime.combine(row["on_date"], datetime.min.time(), LONDON).replace(hour=12)
    return row, noon


def _written(place, kind):
    return {
        (row["recipient_id"], row["channel"])
        for row in place.sql("select recipient_id, channel from outbox where kind = %s", kind)
    }


@pytest.mark.parametrize(
    ("shut", "opened"),
    [
        (
            "insert into school_closed_day (school_id, id, on_date, reason) values (%s, %s, %s, 'Boiler')",
            "delete from school_closed_day where id = %s",
        ),
        (
            "insert into authority_closed_day (authority_id, id, on_date, reason)"
            " values (%s, %s, %s, 'Polls')",
            "delete from authority_closed_day where id = %s",
        ),
    ],
    ids=["by the school", "by the council"],
)
def test_nobody_is_reminded_of_a_day_on_which_the_school_is_shut(place, remind, meeting, shut, opened):
    """Given a session on a day that was shut since
    When the reminders are due, two days before and on the day
    Then nobody gets one; and once it is open again, everybody does."""
    row, noon = meeting
    school = place.world.school
    owner, closed = (school.school_id if "school_closed" in shut else school.authority_id), new_id()
    place.sql(shut, owner, closed, row["on_date"])
    assert remind(remind_of_sessions, noon - timedelta(days=2)) == 0
    assert remind(remind_of_sessions, noon.replace(hour=9)) == 0

    place.sql(opened, closed)

    assert remind(remind_of_sessions, noon - timedelta(days=2)) == 4


def test_two_days_before_everybody_in_the_group_is_reminded_once(place, remind, meeting):
    _, noon = meeting

    assert remind(remind_of_sessions, noon - timedelta(days=2)) == 4
    assert remind(remind_of_sessions, noon - timedelta(days=2)) == 0
    assert remind(remind_of_sessions, noon - timedelta(days=1)) == 0

    people = {place.parent_id, place.world.school.other_parent.person_id}
    assert _written(place, "session_reminder") == {(p, c) for p in people for c in ("email", "sms")}


def test_on_the_day_they_are_reminded_again_and_after_it_began_not(place, remind, meeting):
    _, noon = meeting

    assert remind(remind_of_sessions, noon) == 4
    assert len(_written(place, "session_today")) == 4
    place.sql("truncate outbox")
    assert remind(remind_of_sessions, noon + timedelta(hours=9)) == 0


def test_three_days_before_nobody_is(remind, meeting):
    assert remind(remind_of_sessions, meeting[1] - timedelta(days=3)) == 0


def test_a_session_that_moved_is_announced_again_for_its_new_day(place, remind, meeting):
    row, noon = meeting
    remind(remind_of_sessions, noon - timedelta(days=2))
    place.sql("update cohort_session set on_date = on_date + 1 where id = %s", row["id"])

    assert remind(remind_of_sessions, noon - timedelta(days=1)) == 4
    place.sql("update cohort_session set on_date = %s where id = %s", row["on_date"], row["id"])


def test_somebody_who_left_the_group_is_not_reminded(place, remind, meeting):
    place.sql("update enrolment set status = 'left' where parent_id = %s", place.parent_id)

    remind(remind_of_sessions, meeting[1] - timedelta(days=2))
    place.sql("update enrolment set status = 'in_group' where parent_id = %s", place.parent_id)

    assert {person for person, _ in _written(place, "session_reminder")} == {
        place.world.school.other_parent.person_id
    }


def test_a_cancelled_session_is_not_announced(place, remind, meeting):
    row, noon = meeting
    place.sql("update cohort_session set state = 'cancelled' where id = %s", row["id"])

    assert remind(remind_of_sessions, noon - timedelta(days=2)) == 0
    place.sql("update cohort_session set state = 'planned' where id = %s", row["id"])


@pytest.fixture
def invitation(place):
    """An invitation that arrived five days ago and was not answered."""
    (message_id,) = place.enqueue("parent_invitation")
    place.sql(
        "update outbox set state = 'delivered', created_at = now() - interval '5 days',"
        " not_after = now() + interval '9 days'"
    )
    place.sql("update parent set stage = 'invited' where id = %s", place.parent_id)
    return message_id


def test_an_unanswered_invitation_is_mentioned_once_with_the_same_link(place, remind, invitation):
    assert remind(remind_of_invitations, now()) == 1
    assert remind(remind_of_invitations, now() + timedelta(days=3)) == 0

    (row,) = place.sql("select * from outbox where kind = 'invitation_reminder'")
    assert (row["subject_id"], row["channel"]) == (invitation, "email")


@pytest.mark.parametrize("stage", ["said_no", "interested", "joined", "left"])
def test_somebody_who_answered_is_not_asked_again(place, remind, invitation, stage):
    place.sql("update parent set stage = %s where id = %s", stage, place.parent_id)

    assert remind(remind_of_invitations, now()) == 0


def test_a_fresh_invitation_is_left_alone(remind, invitation):
    assert remind(remind_of_invitations, now() - timedelta(days=2)) == 0


def test_the_last_session_is_announced_as_the_last(place, remind, meeting):
    (last,) = place.sql(
        "select on_date from cohort_session where cohort_id = %s order by on_date desc limit 1",
        meeting[0]["cohort_id"],
    )
    noon = datetime.combine(last["on_date"], datetime.min.time(), LONDON).replace(hour=12)

    remind(remind_of_sessions, noon - timedelta(days=2))
    assert {channel for _, channel in _written(place, "last_session")} == {"email"}
    place.sql("truncate outbox")
    remind(remind_of_sessions, meeting[1] - timedelta(days=2))
    assert not _written(place, "last_session")


@pytest.fixture
def graduate(place):
    """A graduate of last month who may be asked, and has not offered to lead."""
    school = place.world.school
    values = (school.school_id, place.parent_id)
    place.sql(
        "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
        " values (%s, %s, 'ask_to_lead', true, '1', now())",
        *values,
    )
    place.sql(
        "update parent set stage = 'graduated', stage_changed_at = now() - interval '30 days' where id = %s",
        place.parent_id,
    )
    yield place.parent_id
    place.sql("delete from consent where kind = 'ask_to_lead'")


def test_a_graduate_who_may_be_asked_is_asked_once(place, remind, graduate):
    assert remind(ask_to_lead, now()) == 1
    assert remind(ask_to_lead, now() + timedelta(days=400)) == 0
    assert _written(place, "invite_to_lead") == {(graduate, "email")}


def test_a_graduate_who_may_not_be_asked_is_not(place, remind, graduate):
    place.sql("update consent set given = false where kind = 'ask_to_lead'")

    assert remind(ask_to_lead, now()) == 0


def test_the_certificate_comes_before_the_question(remind, graduate):
    assert remind(ask_to_lead, now() - timedelta(days=25)) == 0


def test_two_schedules_do_the_same_job_once(place, engine, meeting):
    school, moment = place.world.school, meeting[1] - timedelta(days=2)
    scope = Scope(Audience.DOCUMENTS, school.authority_id, school.school_id)

    def run():
        with ScopedSession(engine, scope=scope) as session:
            return run_once(session, JOBS[0], school_id=school.school_id, period="p", moment=moment)

    assert [run(), run()] == [4, 0]


def test_the_calendar_is_looked_at_by_day_and_once_an_hour(place, engine, meeting):
    schedule = Schedule(engine, place.stack.settings().secret("redis_url"))
    noon = meeting[1] - timedelta(days=2)

    assert schedule.look_at_calendar(noon.replace(hour=7)) == 0
    assert schedule.look_at_calendar(noon) > 0
    periods = {row["period"] for row in place.sql("select period from schedule_run")}
    assert periods == {f"{noon:%Y-%m-%dT%H}", f"{noon:%Y-%m-%d}"}
    place.sql("truncate outbox")
    assert schedule.look_at_calendar(noon) == 0


def test_one_jobs_trouble_keeps_no_other_job_and_no_other_school(place, engine, meeting, monkeypatch):
    def broken(*_arguments, **_values):
        raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "half a pair")

    noon = meeting[1] - timedelta(days=1)
    monkeypatch.setattr("workers.schedule.JOBS", (replace(JOBS[0], run=broken), *JOBS[1:]))
    place.sql("delete from schedule_run")
    Schedule(engine, place.stack.settings().secret("redis_url")).look_at_calendar(noon)

    done = {(row["school_id"], row["job"]) for row in place.sql("select school_id, job from schedule_run")}
    schools = {school_id for school_id, _job in done}
    assert place.world.school.school_id in schools
    assert len(schools) > 1
    for school_id in schools:
        assert {job for school, job in done if school == school_id} == {job.name for job in JOBS[1:]}


@pytest.mark.parametrize("stage", ["active", "paused", "left", "set_up"])
def test_what_is_kept_for_a_time_is_erased_whatever_the_stage_of_the_school(place, engine, meeting, stage):
    """Given a list and a draft whose time is over, then both go, also at a school that nobody comes back to."""
    noon = meeting[1] - timedelta(days=2)
    school_id = place.world.school.school_id
    place.sql("delete from schedule_run")
    place.sql(
        "insert into parent_import (school_id, id, state, file_name, tab, headings, columns, row_count, by_person,"
        " by_name, created_at, version) values (%s, gen_random_uuid(), 'checked', 'list.csv', '', '{Name}', '{name}',"
        " 1, %s, 'Ann', %s, 0)",
        school_id,
        place.world.school.senco.person_id,
        noon - timedelta(days=2),
    )
    place.sql(
        "insert into application_draft (school_id, parent_id, answers, is_complete, saved_at)"
        " values (%s, %s, '{}', false, %s)",
        school_id,
        place.parent_id,
        noon - timedelta(days=61),
    )
    place.sql("update school set stage = %s where school_id = %s", stage, school_id)

    Schedule(engine, place.stack.settings().secret("redis_url")).look_at_calendar(noon)

    for table in ("parent_import", "application_draft"):
        assert place.sql(f"select 1 from {table} where school_id = %s", school_id) == [], table


def test_nobody_is_written_to_at_a_school_that_has_left(place, engine, meeting):
    noon = meeting[1] - timedelta(days=2)
    school_id = place.world.school.school_id
    place.sql("delete from schedule_run")
    place.sql("truncate outbox")
    place.sql("update school set stage = 'left' where school_id = %s", school_id)

    Schedule(engine, place.stack.settings().secret("redis_url")).look_at_calendar(noon)

    assert place.sql("select 1 from outbox where school_id = %s", school_id) == []
    done = {row["job"] for row in place.sql("select job from schedule_run where school_id = %s", school_id)}
    assert done == {job.name for job in JOBS if job.erases}
