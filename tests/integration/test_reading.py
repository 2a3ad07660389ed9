"""What a page reads once: in a look, by one person, until something is written."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text, update

from app.recruitment.models import ParentContact
from infra.database import sqlalchemy_url
from tenants.reading import begin_look, read_ahead, read_once
from tenants.session import ScopedSession

asked: list[tuple] = []


@read_once
def words(session, *ids, hold=False):
    asked.append(ids)
    return [session.scalar(text("select current_setting('app.person')"))]


@pytest.fixture
def session(stack, world):
    asked.clear()
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with ScopedSession(engine, scope=world.school.lead.scope) as session:
        yield session
        session.rollback()
    engine.dispose()


def test_outside_a_look_each_asks(session):
    assert words(session, 1) == words(session, 1)
    assert asked == [(1,), (1,)]


def test_in_a_look_the_same_ids_ask_once_and_nobody_changes_anothers_list(session):
    begin_look(session)
    words(session, 1).append("mine")
    assert "mine" not in words(session, 1)
    words(session, 2)
    assert asked == [(1,), (2,)]


def test_rows_that_are_held_are_read_as_they_are(session):
    begin_look(session)
    words(session, 1)
    words(session, 1, hold=True)
    assert asked == [(1,), (1,)]


@pytest.mark.parametrize("end", ["commit", "rollback", "write", "flush"])
def test_nothing_is_kept_past_a_write_or_the_end_of_a_transaction(session, world, end):
    begin_look(session)
    words(session, 1)
    if end == "write":
        session.execute(update(ParentContact).where(ParentContact.school_id.is_(None)).values(known_as="x"))
    elif end == "flush":
        session.get(ParentContact, (world.school.school_id, world.school.parent.person_id)).known_as = "x"
        session.flush()
    else:
        getattr(session, end)()
    words(session, 1)
    assert asked == [(1,), (1,)]


def test_what_was_read_ahead_is_not_asked(session):
    read_ahead(session, words, 1, answer=["outside a look it is not kept"])
    begin_look(session)
    read_ahead(session, words, 2, answer=["ahead"])
    assert words(session, 2) == ["ahead"]
    assert words(session, 1) != ["outside a look it is not kept"]


def test_another_session_keeps_nothing_of_it(session, stack, world):
    begin_look(session)
    mine = words(session, 1)
    with ScopedSession(session.get_bind(), scope=world.other_school.lead.scope) as other:
        begin_look(other)
        assert words(other, 1) != mine
