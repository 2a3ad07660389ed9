"""A statement written once: in a look it goes as the driver's own words, elsewhere the ordinary way; one answer."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Integer, bindparam, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.cohorts.models import Cohort
from app.states.groups import GroupState
from infra.database import sqlalchemy_url
from tenants.reading import begin_look
from tenants.ready import Ready
from tenants.session import ScopedSession
from tenants.together import together
from tests.support.trips import trips_of

STATES = (GroupState.FORMING, GroupState.RUNNING, GroupState.CLOSED)


def groups() -> Ready:
    return Ready(
        select(Cohort.id, Cohort.name, Cohort.first_on, func.coalesce(Cohort.room, "?").label("where"))
        .where(Cohort.school_id == bindparam("school_id"), Cohort.state.in_(STATES))
        .order_by(Cohort.id)
        .limit(50)
    )


@pytest.fixture
def engine(stack):
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine, world):
    with ScopedSession(engine, scope=world.school.lead.scope) as session:
        yield session
        session.rollback()


def test_a_look_answers_as_the_ordinary_way_does(session, world):
    statement, values = groups(), {"school_id": world.school.school_id}
    ordinary = [tuple(row) for row in statement.all(session, values)]
    begin_look(session)
    looked = statement.all(session, values)
    assert ordinary
    assert [tuple(row) for row in looked] == ordinary
    assert [(row.id, row.name, row.first_on, row.where) for row in looked] == ordinary


def test_it_sees_what_its_session_may_see_and_no_more(session, world):
    begin_look(session)
    assert groups().all(session, {"school_id": world.other_school.school_id}) == []


def test_nothing_that_was_asked_with_is_kept(session, world):
    begin_look(session)
    statement = Ready(text("select cast(:secret as text) as told, cast(:ids as uuid[]) as ids"))
    secret = f"somebody {uuid4()}"
    (row,) = statement.all(session, {"secret": secret, "ids": [world.school.school_id]})
    assert (row.told, row.ids) == (secret, [world.school.school_id])
    assert secret not in repr(vars(statement))
    assert str(world.school.school_id) not in repr(vars(statement))
    (row,) = statement.all(session, {"secret": "another", "ids": []})
    assert (row.told, row.ids) == ("another", [])


def test_several_go_in_one_trip(engine, world):
    statement = Ready(text("select cast(:value as int) as value"))
    with trips_of(engine) as trips, ScopedSession(engine, scope=world.school.lead.scope) as session:
        begin_look(session)
        statement.all(session, {"value": 0})
        with trips.counted() as counted, together(session) as ask:
            answers = [ask(statement.all, {"value": value}) for value in range(5)]
        session.rollback()
    assert [answer.value[0].value for answer in answers] == [*range(5)]
    assert counted[0].trips == 1


def test_what_the_database_refuses_is_raised_as_the_ordinary_way_raises_it(session):
    begin_look(session)
    with pytest.raises(DBAPIError) as refused:
        Ready(text("select 1 / cast(:nothing as int)")).all(session, {"nothing": 0})
    assert "division by zero" in str(refused.value.orig)
    session.rollback()
    assert session.scalar(text("select 1")) == 1


def test_a_lost_connection_is_not_given_out_again(session, stack):
    begin_look(session)
    pid = session.scalar(text("select pg_backend_pid()"))
    with psycopg.connect(stack.superuser_url, autocommit=True) as superuser:
        superuser.execute("select pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError):
        Ready(text("select 1")).all(session, {})
    session.rollback()
    assert session.scalar(text("select 1")) == 1


def test_what_is_changed_is_written_down_first(session, world):
    statement = Ready(select(Cohort.name).where(Cohort.school_id == bindparam("school_id")))
    begin_look(session)
    group = session.scalars(select(Cohort).where(Cohort.school_id == world.school.school_id).limit(1)).one()
    group.name = "A name of now"
    names = [row.name for row in statement.all(session, {"school_id": world.school.school_id})]
    assert "A name of now" in names


def test_a_value_that_is_found_anew_each_time_is_not_frozen(session):
    begin_look(session)
    statement = Ready(select(bindparam("today", callable_=lambda: 1, type_=Integer)))
    with pytest.raises(TypeError, match="today"):
        statement.all(session, {})
