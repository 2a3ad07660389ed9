"""The link to a session online goes late, in an email's body alone, and never to who is not in the group any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine

from app.cohorts.joining import LinkChange, send_links, set_link
from app.cohorts.membership import lock_cohort
from app.messages.catalogue import KINDS
from app.messages.kind import FIELDS
from app.messages.words import render
from app.states.messages import Channel
from infra.clock import LONDON, now
from infra.database import sqlalchemy_url
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

LINK, OTHER = "https://meet.example.org/j/81f?pwd=Oak_9", "https://meet.example.org/j/new"
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def begins(place):
    """The next session is online; when it begins."""
    place.sql(
        "update cohort_session set format = 'online', room = 'online' where id = %s",
        place.world.school.ids["next_session_id"],
    )
    yield when(place)
    place.sql("delete from cohort_join_link")


def when(place):
    (row,) = place.sql(
        "select on_date, starts_at from cohort_session where id = %s",
        place.world.school.ids["next_session_id"],
    )
    return datetime.combine(row["on_date"], row["starts_at"], LONDON)


@pytest.fixture
def soon(place, begins):
    """The session begins in half an hour, by the machine's clock, which the mailbox has too; the moment now."""
    moment = now().astimezone(LONDON)
    starts = min(moment + timedelta(minutes=30), moment.replace(hour=23, minute=59))
    place.sql(
        "update cohort_session set on_date = %s, starts_at = %s, ends_at = '23:59:59' where id = %s",
        moment.date(),
        starts.time().replace(tzinfo=None),
        place.world.school.ids["next_session_id"],
    )
    # Whoever changed it until now told nobody.
    place.sql("truncate outbox")
    return moment


@pytest.fixture
def enter(place):
    """Set the link, as the school or as who leads the group."""

    def run(link, person=None):
        school = place.world.school
        engine = create_engine(sqlalchemy_url(place.stack.url("wb_web")))
        with ScopedSession(engine, scope=(person or school.lead).scope) as session:
            cohort = lock_cohort(session, school.school_id, school.ids["cohort_id"])
            is_new = set_link(session, cohort, link)
            session.commit()
        engine.dispose()
        return is_new

    return run


@pytest.fixture
def schedule(place):
    def run(moment):
        school = place.world.school
        engine = create_engine(sqlalchemy_url(place.stack.url("wb_documents")))
        scope = Scope(Audience.DOCUMENTS, school.authority_id, school.school_id)
        with ScopedSession(engine, scope=scope) as session:
            written = send_links(session, school_id=school.school_id, moment=moment)
            session.commit()
        engine.dispose()
        return written

    return run


def states(place):
    rows = place.sql("select state, problem from outbox where kind = 'join_link'")
    return {(row["state"], row["problem"]) for row in rows}


def test_it_is_written_two_hours_before_and_once(place, begins, enter, schedule):
    enter(LINK)

    assert schedule(begins - TWO_HOURS - timedelta(minutes=1)) == 0
    assert schedule(begins - TWO_HOURS) == 4
    assert schedule(begins - timedelta(minutes=5)) == 0
    assert schedule(begins) == 0
    rows = place.sql("select o::text as all from outbox o where kind = 'join_link'")
    assert len(rows) == 4
    assert not any("meet.example" in row["all"] for row in rows), "what waits holds no word of it"


def test_without_a_link_or_in_a_room_nothing_is_written(place, begins, enter, schedule):
    schedule(begins - TWO_HOURS)
    assert not states(place)
    enter(LINK)
    place.sql("update cohort_session set format = 'room'")

    assert schedule(begins - TWO_HOURS) == 0


def test_those_who_lead_are_asked_for_a_link_that_is_missing_once_on_the_day(place, begins, enter, schedule):
    assert schedule(begins - timedelta(hours=8, minutes=1)) == 0
    asked = schedule(begins - timedelta(hours=8))
    assert asked > 0
    assert schedule(begins - timedelta(hours=5)) == 0

    rows = place.sql("select distinct recipient_id from outbox where kind = 'join_link_missing'")
    led = "select facilitator_id from cohort_facilitator where cohort_id = %s"
    leaders = place.sql(led, place.world.school.ids["cohort_id"])
    assert {row["recipient_id"] for row in rows} == {row["facilitator_id"] for row in leaders}
    enter(LINK)
    assert schedule(begins - TWO_HOURS) == 4, "who has a link is sent that"


def test_whoever_is_asked_for_a_link_that_came_meanwhile_hears_nothing(
    place, soon, enter, schedule, dispatcher
):
    assert schedule(soon) > 0
    enter(LINK)
    dispatcher.drain()

    rows = place.sql("select distinct state, problem from outbox where kind = 'join_link_missing'")
    assert ("held_back", "plan_changed") in {(row["state"], row["problem"]) for row in rows}
    assert not {row["state"] for row in rows} & {"sent", "delivered"}


def emailed(place, mailbox):
    rows = place.sql(
        "select id from outbox where kind = 'join_link' and channel = 'email' and state = 'sent'"
    )
    return [one for row in rows for one in mailbox.of(row["id"])]


def test_an_email_has_it_in_its_body_alone(place, soon, enter, dispatcher, mailbox):
    enter(LINK)
    dispatcher.drain()

    (email,) = emailed(place, mailbox)
    assert LINK in email["body"]
    assert "The link was changed" not in email["body"]
    assert "meet.example" not in email["subject"]


def test_a_text_leads_to_the_page():
    fields = dict.fromkeys(FIELDS, "x") | {"join": LINK, "link": "https://we.example/m/1"}

    text = render(KINDS["join_link"], Channel.SMS, fields).body

    assert "https://we.example/m/1" in text
    assert "meet.example" not in text


def test_another_link_on_the_day_goes_at_once_and_takes_the_place_of_the_old(
    place, soon, enter, dispatcher, mailbox
):
    enter(LINK)
    assert enter(OTHER, place.world.school.facilitator) is LinkChange.SET

    assert ("held_back", "superseded") in states(place)
    dispatcher.drain()
    (email,) = emailed(place, mailbox)
    assert OTHER in email["body"]
    assert "Please use this one, not the one before." in email["body"]
    assert enter(OTHER) is LinkChange.NONE, "the same again tells nobody"


@pytest.mark.parametrize(
    "change",
    [
        "update cohort_session set state = 'cancelled'",
        "update cohort_session set format = 'room', room = 'Library'",
        "delete from cohort_join_link",
        "update enrolment set status = 'left', left_at = now()",
    ],
    ids=["called off", "in a room again", "taken away", "left"],
)
def test_what_waits_does_not_go_when_it_holds_no_more(place, soon, enter, dispatcher, mailbox, change):
    enter(LINK)
    place.sql(change)

    dispatcher.drain()

    assert not emailed(place, mailbox)
    assert {state for state, _problem in states(place)} <= {"held_back", "queued"}
    assert any(state == "held_back" and problem != "no_address" for state, problem in states(place))


def test_who_leads_it_sets_it_too(place, begins, enter):
    assert enter(LINK, place.world.school.facilitator) is LinkChange.SET
    assert enter("", place.world.school.facilitator) is LinkChange.TAKEN_AWAY
    assert not place.sql("select from cohort_join_link")


@pytest.mark.parametrize(("format_", "says"), [("room", False), ("both", True), ("online", True)])
def test_who_hears_of_another_way_reads_of_a_link_only_where_there_is_one(
    place, begins, dispatcher, mailbox, format_, says
):
    """From both back to a room: nobody stays at home waiting for a link that never comes."""
    place.sql("update cohort set format = %s", format_)
    place.sql("update cohort_session set format = %s, room = 'Library' where state = 'planned'", format_)
    place.sql("truncate outbox")
    school = place.world.school
    (message_id,) = place.enqueue("format_changed", subject_id=school.ids["cohort_id"])
    dispatcher.drain()
    place.sql("update cohort set format = 'room'")
    place.sql("update cohort_session set format = 'room'")

    (email,) = mailbox.of(message_id)
    assert ("To join online" in email["body"]) is says
