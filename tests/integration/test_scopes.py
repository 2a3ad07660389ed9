"""The database decides: what a transaction may see follows from its scope and from nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from infra.database import UnsafeDatabase, make_engine, refuse_unsafe, sqlalchemy_url
from tenants.scope import Audience, Scope
from tenants.session import ScopeChanged, ScopedSession


@pytest.fixture
def open_session(stack, world):
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    opened = []

    def make(scope):
        session = ScopedSession(bind=engine, scope=scope)
        opened.append(session)
        return session

    yield make
    for session in opened:
        session.close()
    engine.dispose()


def names(session: Session) -> set[str]:
    return set(session.execute(text("select last_name from parent_contact")).scalars())


def test_a_school_sees_its_own_parents_and_no_others(open_session, world):
    assert names(open_session(world.school.lead.scope)) == {world.school.family_canary}


def test_nobody_in_particular_sees_nothing(open_session):
    with pytest.raises(ProgrammingError, match="permission denied"):
        names(open_session(None))


def test_the_login_itself_reads_nothing(stack, world):
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("select count(*) from public.parent"))
    engine.dispose()


def test_an_authority_has_no_right_to_a_name(open_session, world):
    with pytest.raises(ProgrammingError, match="permission denied"):
        names(open_session(world.authority.admin.scope))


def test_a_school_has_no_right_to_an_answer(open_session, world):
    with pytest.raises(ProgrammingError, match="permission denied"):
        open_session(world.school.lead.scope).execute(text("select * from answer_set"))


def test_only_the_safeguarding_lead_reads_a_concern(open_session, world):
    read = text("select what from concern")
    assert open_session(world.school.dsl.scope).execute(read).scalars().all() == [
        f"Words {world.school.concern_canary}"
    ]
    with pytest.raises(ProgrammingError, match="permission denied"):
        open_session(world.school.lead.scope).execute(read)


def test_the_school_sees_attendance_of_those_who_agreed(open_session, world):
    seen = set(
        open_session(world.school.senco.scope).execute(text("select parent_id from attendance")).scalars()
    )
    assert seen == {world.school.parent.person_id}


def test_a_row_of_another_school_cannot_be_written(open_session, world):
    session = open_session(world.school.lead.scope)
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(
            text(
                "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
                " values (:school, gen_random_uuid(), 'identified', now(), now())"
            ),
            {"school": world.sibling_school.school_id},
        )


def test_the_scope_is_gone_after_commit_and_rollback(open_session, world):
    session = open_session(world.school.lead.scope)
    names(session)
    session.commit()
    connection = session.get_bind().connect()
    assert connection.execute(text("select current_user")).scalar_one() == "wb_web"
    assert connection.execute(text("select current_setting('app.school', true)")).scalar_one() in ("", None)
    connection.close()


def test_a_rolled_back_savepoint_keeps_the_scope(open_session, world):
    session = open_session(world.school.lead.scope)
    with session.begin_nested() as nested:
        nested.rollback()
    assert names(session) == {world.school.family_canary}


def test_one_session_serves_one_person(open_session, world):
    session = open_session(world.school.lead.scope)
    with pytest.raises(ScopeChanged):
        session.enter(world.sibling_school.lead.scope)


def test_a_process_refuses_a_login_that_could_see_everything(stack):
    for url in (stack.superuser_url, stack.url("wb_owner")):
        engine = make_engine(url)
        with pytest.raises(UnsafeDatabase):
            refuse_unsafe(engine)
        engine.dispose()


def test_workers_are_out_of_the_web_logins_reach(open_session):
    with pytest.raises(ProgrammingError, match="permission denied to set role"):
        open_session(Scope(Audience.ROLLUP)).execute(text("select 1"))


AUDITS = ("audit_event", "authority_audit_event")


@pytest.mark.parametrize("table", AUDITS)
@pytest.mark.parametrize("statement", ["update {} set event = event", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("role", sorted({*Audience} - {Audience.OWNER}))
def test_what_was_done_is_never_rewritten(stack, world, role, table, statement):
    login = role if role in (Audience.DISPATCH, Audience.DOCUMENTS, Audience.ROLLUP) else "wb_web"
    engine = create_engine(sqlalchemy_url(stack.url(login)))
    with engine.connect() as connection:
        if login == "wb_web":
            connection.execute(text("select set_config('role', :role, true)"), {"role": role})
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement.format(table)))
    engine.dispose()
