"""What becomes of a wish to be called when things change: who may be asked, who reads it, and what is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.extensions import db
from app.messages.catalogue import get_kind
from app.messages.parts import Message
from app.one_to_one.messages import stand
from app.one_to_one.queries import call_by_day
from app.one_to_one.telling import put_away, tell_of_calls
from app.states.messages import Channel
from infra.clock import LONDON, now
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from tests.integration.one_to_one.conftest import main_of
from tests.support.borrowed import as_login


@pytest.fixture
def run_job(connection, world):
    """`run_job(job)`: as the schedule runs it for the world's school."""

    def run(job):
        school = world.school
        with as_login(connection, "wb_documents"):
            connection.execute(
                text(
                    "select set_config('app.school', :school, true), set_config('app.authority', :authority, true)"
                ),
                {"school": str(school.school_id), "authority": str(school.authority_id)},
            )
            with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
                written = job(session, school_id=school.school_id, moment=now())
                session.commit()
        return written

    return run


@pytest.fixture
def told(rows):
    return lambda kind: [
        row.recipient_id for row in rows("select * from outbox where kind = :kind", kind=kind)
    ]


def choices(page):
    return page.text.split('name="caller"')[1:]


# ---- whom a parent may ask


def test_only_those_are_offered_whom_the_parent_is_shown(client_for, world, ask, rows, as_owner):
    # given a school without a named contact
    as_owner("update school set contact_name = '' where school_id = :id", id=world.school.school_id)
    page = client_for(world.school.parent).get("/my/calls")
    assert len(choices(page)) == 1

    # when somebody who leads at another school, or the contact that is none, is asked all the same
    for somebody in (new_id(), "school"):
        page = ask(world.school.parent, somebody)
        assert "Choose one of the answers shown" in page.text

    # then nothing is kept; the database says the same
    assert rows("select 1 from call_request") == []


def test_when_the_group_is_over_only_the_schools_contact_is_asked(
    client_for, world, contact_is_lead, as_owner
):
    as_owner("update cohort set state = 'closed' where id = :id", id=world.school.ids["cohort_id"])
    as_owner(
        "update enrolment set status = 'finished' where parent_id = :id", id=world.school.parent.person_id
    )
    as_owner("update parent set stage = 'graduated' where id = :id", id=world.school.parent.person_id)
    page = client_for(world.school.parent).get("/my/calls")
    (offered,) = choices(page)
    assert 'value="school"' in offered.split(">")[0]


def test_the_same_person_is_asked_once_at_a_time(client_for, world, ask, led_call, rows):
    page = ask(world.school.parent, world.school.facilitator.person_id, need="myself")
    assert "You have asked" in page.text
    assert len(rows("select 1 from call_request")) == 1
    assert (
        str(world.school.facilitator.person_id) not in client_for(world.school.parent).get("/my/calls").text
    )


def test_without_a_number_they_read_what_to_do(client_for, world, as_owner):
    as_owner("update parent_contact set phone = '' where parent_id = :id", id=world.school.parent.person_id)
    page = main_of(client_for(world.school.parent).get("/my/calls"))
    assert "We have no number for you" in page
    assert 'name="caller"' not in page


def test_whoever_could_be_hurt_today_reads_first_whom_to_call(client_for, world):
    page = main_of(client_for(world.school.parent).get("/my/calls"))
    assert page.index("Could somebody be hurt today?") < page.index('name="caller"')


# ---- who reads it


def test_others_who_lead_read_nothing(world, led_call, look, as_owner):
    for school in world.authority.schools:
        for name, person in school.people.items():
            # A head teacher and the office have no right to the table at all.
            if name in ("head_teacher", "office") or person in (
                world.school.parent,
                world.school.facilitator,
            ):
                continue
            assert look(person, "select 1 from call_request") == [], name


def test_when_they_lead_no_more_it_leaves_their_sight_and_the_parent_decides(
    client_for, world, led_call, contact_is_lead, as_owner, run_job, told, look
):
    # given
    as_owner(
        "delete from cohort_facilitator where facilitator_id = :id", id=world.school.facilitator.person_id
    )
    assert look(world.school.facilitator, "select 1 from call_request") == []
    assert look(world.school.lead, "select 1 from call_request") == []

    # when the schedule looks, twice
    run_job(tell_of_calls)
    run_job(tell_of_calls)

    # then the parent is told once, and it goes on by their press alone
    assert set(told("call_news")) == {world.school.parent.person_id}
    parent = client_for(world.school.parent)
    for address in ("/my/calls", "/my"):
        assert "cannot call you any more" in main_of(parent.get(address)), address
    page = main_of(parent.get("/my/calls"))
    page = parent.post(f"/my/calls/{led_call}/school", follow_redirects=True)
    assert "Thank you." in page.text
    assert f"/school/calls/{led_call}" in main_of(client_for(world.school.lead).get("/school"))


def test_whoever_leads_may_think_that_the_school_should_call_and_the_parent_is_asked(
    client_for, world, led_call, contact_is_lead, look, told
):
    leader = client_for(world.school.facilitator)
    leader.post(f"/group/calls/{led_call}", data={"outcome": "passed_on"})
    assert look(world.school.lead, "select 1 from call_request") == []
    assert world.school.parent.person_id in told("call_news")

    page = main_of(client_for(world.school.parent).get("/my"))

    assert "May somebody else call you?" in page


def test_staff_read_that_a_call_of_who_leads_is_late_and_nothing_else(
    client_for, world, led_call, as_owner, run_job, told
):
    lead = client_for(world.school.lead)
    assert "has not called yet" not in main_of(lead.get("/school"))
    as_owner("update call_request set call_by = call_by - 20, asked_at = asked_at - interval '20 days'")

    page = main_of(lead.get("/school"))

    assert "has not called yet" in page
    assert "big feelings" not in page
    assert str(led_call) not in page
    run_job(tell_of_calls)
    assert set(told("call_late")) == {world.school.parent.person_id}


def test_who_says_no_is_called_by_nobody(client_for, world, led_call, as_owner, look):
    as_owner("update parent set stage = 'left' where id = :id", id=world.school.parent.person_id)
    assert look(world.school.facilitator, "select 1 from call_request") == []


# ---- the school


def test_a_colleague_calls_instead_and_the_parent_reads_who(client_for, world, school_call, told, run_job):
    senco = world.school.people["senco"]
    lead = client_for(world.school.lead)
    sent = {"outcome": "passed_on", "colleague": str(senco.person_id)}
    assert lead.post(f"/school/calls/{school_call}", data={"outcome": "passed_on"}).status_code == 200
    lead.post(f"/school/calls/{school_call}", data=sent)

    assert f"/school/calls/{school_call}" in main_of(client_for(senco).get("/school"))
    assert f"/school/calls/{school_call}" not in main_of(lead.get("/school"))
    assert senco.name in main_of(client_for(world.school.parent).get("/my/calls"))
    run_job(tell_of_calls)
    assert told("call_to_make_at_school")
    assert set(told("call_to_make_at_school")) == {senco.person_id}


def test_no_answer_is_tried_again_on_a_day(client_for, world, school_call):
    lead = client_for(world.school.lead)
    page = lead.post(f"/school/calls/{school_call}", data={"outcome": "no_answer"})
    assert "Enter the day on which you try again" in page.text
    on = now().date() + timedelta(days=1)
    sent = {"outcome": "no_answer", "try_on": [str(on.day), str(on.month), str(on.year)]}
    lead.post(f"/school/calls/{school_call}", data=sent)
    assert "could not reach you, and tries again" in main_of(client_for(world.school.parent).get("/my/calls"))


# ---- the day, and the end


@pytest.mark.parametrize(
    ("today", "by"),
    [
        (date(2028, 2, 28), date(2028, 3, 1)),  # over 29 February
        (date(2026, 12, 4), date(2026, 12, 8)),  # over a weekend
        (date(2026, 12, 24), date(2026, 12, 30)),  # over Christmas, where no terms are known
        (date(2026, 4, 2), date(2026, 4, 8)),  # over Good Friday and Easter Monday
    ],
)
def test_somebody_calls_within_two_days_on_which_the_school_is_open(app, world, clock, as_owner, today, by):
    as_owner("delete from authority_term")
    as_owner("delete from authority_closed_day")
    as_owner("delete from school_closed_day")
    clock.set(datetime.combine(today, time(12), LONDON))
    with app.test_request_context():
        db.session().enter(world.school.lead.scope)
        assert call_by_day(db.session(), world.authority.authority_id, world.school.school_id) == by
        db.session.remove()


def test_four_weeks_after_it_is_over_it_is_counted_and_gone(
    client_for, world, led_call, rows, run_job, as_owner, look
):
    client_for(world.school.facilitator).post(f"/group/calls/{led_call}", data={"outcome": "spoke"})
    run_job(put_away)
    assert len(rows("select 1 from call_request")) == 1
    as_owner("update call_request set ended_at = ended_at - interval '29 days'")

    run_job(put_away)

    assert rows("select 1 from call_request") == []
    assert [(row.need, row.calls) for row in rows("select need, calls from call_count")] == [
        ("big_feelings", 1)
    ]
    assert look(world.school.lead, "select * from app.calls_in_tens()") == []


def test_numbers_are_full_tens_and_of_the_council_from_three_schools_on(world, as_owner, look):
    schools = world.authority.schools
    for school, calls in zip(schools, (19, 7, 8), strict=False):
        as_owner(
            "insert into call_count (school_id, need, calls) values (:id, 'myself', :calls)",
            id=school.school_id,
            calls=calls,
        )
    assert [tuple(row) for row in look(schools[0].lead, "select * from app.calls_in_tens()")] == [
        ("myself", 10)
    ]
    assert look(schools[1].lead, "select * from app.calls_in_tens()") == []
    seen = look(world.authority.people["authority_admin"], "select * from app.calls_of_council()")
    assert all(row.tens % 10 == 0 for row in seen)
    assert len(schools) >= 3 or seen == []


# ---- messages that wait


@pytest.fixture
def goes_to(connection, world):
    """`goes_to(call, kind, reader)`: whether a message about this call that waits would still go to this reader."""

    def ask(call_id, kind, reader_id):
        school = world.school
        message = Message(
            owner_id=school.school_id,
            authority_id=school.authority_id,
            is_authority=False,
            id=new_id(),
            kind=kind,
            channel=Channel.EMAIL,
            recipient_kind=get_kind(kind).to,
            recipient_id=reader_id,
            subject_id=call_id,
            attempt=0,
            not_after=None,
        )
        scope = Scope(Audience.DISPATCH, school.authority_id, school.school_id)
        with as_login(connection, "wb_dispatch"), ScopedSession(connection, scope=scope) as session:
            fact = stand(session, [message])[message.id]
        return fact.why_not(get_kind(kind), None, now()) is None

    return ask


def test_who_led_gets_nothing_more_of_a_call_that_the_school_makes_now(
    client_for, world, led_call, goes_to, as_owner
):
    """Given a message that waits, when the parent lets the school call instead, then it does not go."""
    leader = world.school.facilitator.person_id
    assert goes_to(led_call, "call_to_make", leader)
    as_owner("update call_request set facilitator_id = null, cohort_id = null where id = :id", id=led_call)
    assert not goes_to(led_call, "call_to_make", leader)


def test_who_passed_a_call_on_gets_nothing_more_of_it(client_for, world, school_call, goes_to):
    lead, senco = world.school.lead, world.school.people["senco"]
    assert goes_to(school_call, "call_to_make_at_school", lead.person_id)
    sent = {"outcome": "passed_on", "colleague": str(senco.person_id)}
    client_for(lead).post(f"/school/calls/{school_call}", data=sent)
    assert not goes_to(school_call, "call_to_make_at_school", lead.person_id)
    assert goes_to(school_call, "call_to_make_at_school", senco.person_id)


def test_a_head_teacher_who_is_the_contact_is_given_no_call(world, as_owner, look):
    """Given a school whose named contact is its head, who reads no name, then whoever leads makes the calls."""
    head, lead = world.school.people["head_teacher"], world.school.lead
    as_owner(
        "update school s set contact_name = m.name, contact_email = m.email from staff_member m"
        " where s.school_id = :school and m.school_id = s.school_id and m.id = :head",
        school=world.school.school_id,
        head=head.person_id,
    )
    ((makers,),) = look(lead, "select app.call_makers()")
    assert makers == [lead.person_id]
