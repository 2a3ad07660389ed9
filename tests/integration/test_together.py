"""Several questions in one trip: what they need of each other decides how many trips there are, and nothing else."""

from __future__ import annotations

from contextvars import ContextVar

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from infra.database import sqlalchemy_url
from tenants.reading import begin_look, read_once
from tenants.session import ScopedSession
from tenants.together import together, wait_for_others
from tests.support.trips import trips_of

VALUE = text("select cast(:value as int)")
SPOKEN: ContextVar[str] = ContextVar("spoken", default="nothing")


@pytest.fixture
def place(stack, world):
    """A session that looks, and what counts its trips."""
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with trips_of(engine) as trips, ScopedSession(engine, scope=world.school.lead.scope) as session:
        begin_look(session)
        session.execute(VALUE, {"value": 0})
        yield session, trips
        session.rollback()
    engine.dispose()


@read_once
def one(session, value):
    return session.execute(VALUE, {"value": value}).scalar_one()


def chain(session, value):
    """A question that needs the answer of the one before."""
    return one(session, one(session, value) + 1)


def scope(session):
    return session.scalar(text("select current_setting('app.person') || current_setting('role')"))


def broken(session):
    session.execute(text("select 1 / 0"))


def test_questions_that_need_nothing_of_each_other_make_one_trip(place):
    session, trips = place
    with trips.counted() as counted, together(session) as ask:
        answers = [ask(one, value) for value in range(1, 9)]
    assert [answer.value for answer in answers] == [*range(1, 9)]
    assert counted[0].trips == 1


def test_the_longest_chain_says_how_many_trips_there_are_also_within_another(place):
    """Given parts of a page that ask together themselves, their questions go along with the page's own."""
    session, trips = place

    def part(session):
        with together(session) as ask:
            answers = [ask(chain, value) for value in (20, 30)]
        return sum(answer.value for answer in answers)

    with trips.counted() as counted, together(session) as ask:
        alone, both = ask(one, 10), ask(part)
        rows = ask.rows(VALUE, {"value": 7})
    assert (alone.value, both.value, rows.value) == (10, 21 + 31, [(7,)])
    assert counted[0].trips == 2


def test_what_two_ask_is_asked_once(place):
    session, trips = place
    with trips.counted() as counted, together(session) as ask:
        answers = [ask(one, 5), ask(one, 5), ask(chain, 4)]
    assert [answer.value for answer in answers] == [5, 5, 5]
    assert len(counted[0].statements) == 2


def test_all_are_asked_in_the_scope_and_the_context_of_the_page(place):
    session, _trips = place
    SPOKEN.set("Welsh")
    with together(session) as ask:
        scopes = [ask(scope), ask(scope)]
        spoken = ask(lambda _session: SPOKEN.get())
    assert {answer.value for answer in scopes} == {scope(session)}
    assert spoken.value == "Welsh"


def test_where_something_may_be_written_each_is_asked_where_it_stands(stack, world):
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with trips_of(engine) as trips, ScopedSession(engine, scope=world.school.lead.scope) as session:
        one(session, 0)
        with trips.counted() as counted, together(session) as ask:
            answers = [ask(one, 1), ask(one, 2)]
        assert [answer.value for answer in answers] == [1, 2]
        assert counted[0].trips == 2
    engine.dispose()


def test_questions_may_be_the_first_that_a_session_asks_and_may_step_aside(stack, world):
    """Given a session that has not begun, and a part with a savepoint of its own, all is asked in the scope."""
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))

    def aside(session):
        with session.begin_nested() as part:
            found = scope(session), one(session, 4)
            part.rollback()
        return found

    with ScopedSession(engine, scope=world.school.lead.scope) as session:
        begin_look(session)
        with together(session) as ask:
            answers = [ask(scope), ask(aside), ask(scope)]
        mine = f"{world.school.lead.person_id}wb_school"
        assert [answer.value for answer in answers] == [mine, (mine, 4), mine]
        session.rollback()
    engine.dispose()


def test_what_a_question_raises_is_raised_by_its_answer_alone(place):
    session, _trips = place

    def nobody(_session):
        raise LookupError("nobody")

    with together(session) as ask:
        lost, found = ask(nobody), ask(one, 3)
    assert found.value == 3
    with pytest.raises(LookupError, match="nobody"):
        _ = lost.value


def test_a_statement_that_fails_fails_for_all_that_went_with_it_and_the_next_transaction_is_whole(place):
    session, _trips = place
    with together(session) as ask:
        answers = [ask(broken), ask(one, 3)]
    for answer in answers:
        with pytest.raises(DBAPIError, match="division by zero"):
            _ = answer.value
    session.rollback()
    assert one(session, 3) == 3


def test_a_page_that_stops_half_way_leaves_nobody_waiting(place):
    """Given a page that raises among its questions, then none of them goes on, and the session is usable."""
    session, trips = place

    def page():
        with together(session) as ask:
            ask(chain, 1)
            raise ValueError("stop")

    with trips.counted() as counted, pytest.raises(ValueError, match="stop"):
        page()
    assert counted[0].trips == 0
    assert chain(session, 1) == 2


def test_nobody_waits_alone(place):
    with pytest.raises(LookupError):
        wait_for_others()
