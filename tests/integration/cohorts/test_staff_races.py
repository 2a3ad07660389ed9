"""Two members of staff at the same moment, on real connections that commit into a database of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier, Event
from time import sleep

import psycopg
import pytest
import time_machine
from sqlalchemy import create_engine, text

from app.cohorts import membership, services
from app.cohorts.calendar import Proposal, ProposedSession
from app.cohorts.leader_queries import get_led_session
from app.meetings import marking
from app.meetings import services as meetings
from app.meetings.attendance import Marked
from app.shell.refusals import Refused
from infra.clock import LONDON, today
from infra.database import sqlalchemy_url
from infra.ids import new_id
from migrations.run import upgrade
from tenants.roles import ensure_login_roles
from tenants.session import ScopedSession
from tests.support.stack import PASSWORDS, TestStack
from tests.support.world_build import build_world


@pytest.fixture(scope="module")
def place(stack):
    """A database of this module's own, with the world in it."""
    own = TestStack(stack.stack, "cohort_races")
    with psycopg.connect(stack.stack.postgres.superuser_url, autocommit=True) as connection:
        connection.execute("create database cohort_races")
    ensure_login_roles(own.superuser_url, PASSWORDS)
    upgrade(own.url("wb_owner"))
    yield own, build_world(own.url("wb_owner"))
    with psycopg.connect(stack.stack.postgres.superuser_url, autocommit=True) as connection:
        connection.execute("drop database cohort_races with (force)")


@pytest.fixture
def engine(place):
    made = create_engine(sqlalchemy_url(place[0].url("wb_web")), pool_size=4)
    yield made
    made.dispose()


@pytest.fixture
def full_but_one(place):
    """The forming group with one place left, and two who wait for it."""
    own, world = place
    school = world.school
    owner = create_engine(sqlalchemy_url(own.url("wb_owner")))
    ids = [new_id() for _ in range(9)]
    with owner.begin() as connection:
        cohort = school.ids["forming_cohort_id"]
        for number, parent_id in enumerate(ids):
            stage = "in_group" if number < 7 else "waiting"
            connection.execute(
                text(
                    "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
                    " values (:s, :id, :stage, now(), now())"
                ),
                {"s": school.school_id, "id": parent_id, "stage": stage},
            )
            connection.execute(
                text(
                    "insert into parent_contact (school_id, parent_id, first_name, last_name, email)"
                    " values (:s, :id, 'Some', 'Body', :email)"
                ),
                {"s": school.school_id, "id": parent_id, "email": f"{parent_id}@example.org"},
            )
            if number < 7:
                connection.execute(
                    text(
                        "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at)"
                        " values (:s, gen_random_uuid(), :c, :id, now())"
                    ),
                    {"s": school.school_id, "c": cohort, "id": parent_id},
                )
        connection.execute(text("update cohort set places = 8 where id = :c"), {"c": cohort})
    yield cohort, ids[7:]
    with owner.begin() as connection:
        connection.execute(text("delete from outbox where recipient_id = any (:ids)"), {"ids": ids})
        connection.execute(text("delete from enrolment where parent_id = any (:ids)"), {"ids": ids})
        for table in ("parent_event", "parent_contact"):
            connection.execute(text(f"delete from {table} where parent_id = any (:ids)"), {"ids": ids})
        connection.execute(text("delete from parent where id = any (:ids)"), {"ids": ids})
    owner.dispose()


def at_once(engine, scope, work, arguments):
    """Run `work(session, argument)` for each argument at the same moment; what each gave or raised."""
    gate = Barrier(len(arguments))

    def press(argument):
        with ScopedSession(engine, scope=scope) as session:
            session.execute(text("select 1"))
            gate.wait(timeout=20)
            try:
                answer = work(session, argument)
                session.commit()
            except Refused as gone:
                return str(gone)
            return answer

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(press, arguments))


def count(engine, scope, statement, **values):
    with ScopedSession(engine, scope=scope) as session:
        return session.execute(text(statement), values).scalar_one()


def test_of_two_who_take_the_last_place_one_gets_the_plain_words(place, engine, full_but_one):
    school, (cohort, waiting) = place[1].school, full_but_one

    answers = at_once(
        engine,
        school.senco.scope,
        lambda session, parent: membership.give_places(session, school.school_id, cohort, [parent]),
        waiting,
    )

    assert sorted(map(str, answers)) == ["1", "This place has gone. We can keep the next for you."]
    taken = "select count(*) from enrolment where cohort_id = :c and status = 'in_group'"
    assert count(engine, school.senco.scope, taken, c=cohort) == 8
    stages = "select count(*) from parent where id = any (:ids) and stage = 'waiting'"
    assert count(engine, school.senco.scope, stages, ids=waiting) == 1


def test_one_parent_offered_by_two_at_once_has_one_place_and_is_told_once(place, engine, full_but_one):
    school, (cohort, waiting) = place[1].school, full_but_one

    answers = at_once(
        engine,
        school.senco.scope,
        lambda session, parent: membership.take_place(session, school.school_id, cohort, parent),
        [waiting[0], waiting[0]],
    )

    assert sorted(answers) == [False, True]
    told = "select count(*) from outbox where kind = 'place_offered' and recipient_id = :id"
    assert count(engine, school.senco.scope, told, id=waiting[0]) == 2, "one email and one text"


def test_a_session_cancelled_by_two_at_once_is_told_once(place, engine):
    school = place[1].school
    meeting = school.ids["next_session_id"]

    answers = at_once(
        engine,
        school.senco.scope,
        lambda session, reason: services.cancel_session(session, school.school_id, meeting, reason),
        ["heating", "snow"],
    )

    assert sorted(answers) == [False, True]
    told = "select count(*) from outbox where kind like 'session_cancelled%' and subject_id = :id"
    assert count(engine, school.senco.scope, told, id=meeting) == 4, "two parents, an email and a text each"


def test_thanks_go_only_to_who_was_there(place, engine):
    own, world = place
    school = world.school
    led = "select id from cohort_session where cohort_id = :c and number = 4"
    meeting = count(engine, school.senco.scope, led, c=school.ids["cohort_id"])
    here, away = school.parent.person_id, school.people["other_parent"].person_id
    evening = datetime.combine(today(), time(19, 30), LONDON)
    with time_machine.travel(evening), ScopedSession(engine, scope=school.facilitator.scope) as session:
        session.execute(text("update cohort_session set topic = '' where number in (5, 6, 7)"))
        keys = (school.school_id, school.facilitator.person_id, meeting)
        marking.take_register(session, *keys, {here: Marked("", "late"), away: Marked("", "apology")})
        assert meetings.close_session(session, *keys, without_notes=True)
        session.commit()
    owner = create_engine(sqlalchemy_url(own.url("wb_owner")))
    with owner.connect() as connection:
        told = connection.execute(
            text(
                "select kind, recipient_id from outbox where kind in ('halfway', 'choose_topics')"
                " and channel = 'email'"
            )
        ).all()
    owner.dispose()
    assert {tuple(row) for row in told} == {("halfway", here), ("choose_topics", away)}


def test_of_two_groups_formed_at_once_with_one_name_one_is_made(place, engine):
    """Each looked before the other had written: the second waits, and then sees the first."""
    school = place[1].school
    weeks = ((n, today() + timedelta(days=7 * n)) for n in range(1, 9))
    proposal = Proposal(tuple(ProposedSession(n, on, time(18), time(19, 30)) for n, on in weeks), (), ())

    def form(session, name):
        group = services.NewGroup(key=new_id(), name=name, starts_at=time(18), room="Library", places=8)
        try:
            return bool(services.form_cohort(session, school.school_id, group, proposal))
        except Refused as refused:
            return "not over" in str(refused)

    at_once(engine, school.lead.scope, form, ["Evening group", "evening GROUP", "Evening  group"])

    made = count(
        engine, school.lead.scope, "select count(*) from cohort where lower(name) like 'evening%group'"
    )
    assert made == 1


def test_who_moves_a_session_and_who_takes_its_register_never_wait_for_each_other(place, engine):
    """One order: the group, then its session. The other way round the database gave one of them up."""
    school = place[1].school
    find = "select id from cohort_session where cohort_id = :c and number = 4"
    meeting = count(engine, school.senco.scope, find, c=school.ids["cohort_id"])
    owner = create_engine(sqlalchemy_url(place[0].url("wb_owner")))
    with owner.begin() as connection:  # another test of this module may have closed it
        for undo in (
            "update cohort_session set state = 'planned', closed_at = null where id = :id",
            "delete from attendance where session_id = :id",
        ):
            connection.execute(text(undo), {"id": meeting})
    owner.dispose()
    looked = Event()

    def take_register():
        with ScopedSession(engine, scope=school.facilitator.scope) as session:
            leader = school.facilitator.person_id
            get_led_session(session, school.school_id, leader, meeting, lock=True)
            looked.set()
            sleep(0.5)
            mark = {school.parent.person_id: Marked("", "present")}
            marking.take_register(session, school.school_id, leader, meeting, mark)
            session.rollback()

    def cancel():
        looked.wait(timeout=20)
        with ScopedSession(engine, scope=school.senco.scope) as session:
            services.cancel_session(session, school.school_id, meeting, "snow")
            session.rollback()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(take_register), pool.submit(cancel)]:
            done.result(timeout=30)


def test_whoever_cannot_come_does_not_wait_for_a_move(place, engine):
    school = place[1].school
    find = "select id from cohort_session where cohort_id = :c and number = 8"
    meeting = count(engine, school.senco.scope, find, c=school.ids["cohort_id"])
    with ScopedSession(engine, scope=school.senco.scope) as staff:
        membership.lock_cohort(staff, school.school_id, school.ids["cohort_id"])
        services.cancel_session(staff, school.school_id, meeting, "snow")
        with ScopedSession(engine, scope=school.parent.scope) as parent:
            parent.execute(text("set local lock_timeout = '2s'"))
            meetings.say_cannot_come(parent, school.school_id, school.parent.person_id, meeting)
            parent.rollback()
        staff.rollback()
