"""The first trip of a request: whose browser it is, and the scope of that person and of nobody else."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

import infra.database
from app.extensions import db
from app.identity.roles import AUDIENCES, Role
from app.identity.websession import hash_secret
from infra.clock import now
from infra.ids import new_id
from tenants.scope import PUBLIC
from tenants.session import ScopeChanged
from tests.support.own import own_app
from tests.support.world import Person, World

WHO = text(
    "select current_setting('role'), current_setting('app.authority'), current_setting('app.school'),"
    " current_setting('app.person'), current_setting('app.browser')"
)
LIFE, IDLE = timedelta(hours=1), timedelta(minutes=30)


@pytest.fixture(scope="module")
def own(stack, world):
    with own_app(stack, "entering") as found:
        yield found


@pytest.fixture
def entered(own):
    """The session of a request, after it was entered by that hash."""
    with own.app.app_context():

        def enter(digest: bytes):
            db.session.remove()
            session = db.session()
            return session, session.enter_by(digest)

        yield enter
        db.session.remove()


@pytest.fixture
def browser_of(own):
    """The hash of a browser where that person is signed in."""

    def sign_in(person: Person) -> bytes:
        digest = hash_secret(secrets.token_urlsafe(32))
        own.rows(
            "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
            " values (%s, %s, %s, %s, %s, %s)",
            digest, new_id(), person.account_id, person.membership_id, now() + LIFE, IDLE,
        )  # fmt: skip
        return digest

    return sign_in


def everybody(world: World) -> dict[Role, Person]:
    people = (*world.authority.people.values(), *world.school.people.values())
    return {person.role: person for person in people}


def test_everybody_is_served_as_their_roles_audience(entered, browser_of, world):
    people = everybody(world)
    assert people.keys() == AUDIENCES.keys() == set(Role)
    for role, person in people.items():
        browser = browser_of(person)
        session, row = entered(browser)
        assert (session.scope, row["audience"]) == (person.scope, AUDIENCES[role].value)
        named = ("role", "authority", "school", "person", "browser")
        told = dict(zip(named, session.execute(WHO).one(), strict=True))
        assert told == replace(person.scope, browser=browser).as_parameters()


def test_the_scope_comes_back_after_a_commit_and_after_a_rollback(entered, browser_of, world):
    session, _row = entered(browser_of(world.school.lead))
    for end in (session.commit, session.rollback):
        end()
        assert session.execute(WHO).one()[0] == "wb_school"


@pytest.mark.parametrize(
    "spoilt",
    [
        "update identity.browser_session set expires_at = app.now() where token_hash = %s",
        "update identity.browser_session set last_seen_at = app.now() - interval '31 minutes' where token_hash = %s",
        "update identity.browser_session set membership_id = null where token_hash = %s",
        "delete from identity.browser_session where token_hash = %s",
    ],
)
def test_a_session_that_is_not_live_gets_the_public_scope(entered, browser_of, own, world, spoilt):
    digest = browser_of(world.school.dsl)
    own.rows(spoilt, digest)
    session, row = entered(digest)
    assert row is None or row["membership_id"] is None
    assert session.scope == PUBLIC
    assert not session.in_transaction(), "it is still anybody's"
    assert session.execute(WHO).one() == ("wb_public", "", "", "", "")
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select * from concern"))


def test_a_closed_account_is_nobody_at_once(entered, browser_of, own, world):
    digest = browser_of(world.school.senco)
    own.close_account(world.school.senco)
    try:
        session, row = entered(digest)
    finally:
        own.open_account(world.school.senco)
    assert (session.scope, row["membership_id"], row["account_id"]) == (PUBLIC, None, None)


def test_an_expired_session_is_not_touched_back_to_life(entered, browser_of, own, world):
    digest = browser_of(world.school.senco)
    own.rows(
        "update identity.browser_session set last_seen_at = app.now() - idle - interval '1 second'"
        " where token_hash = %s",
        digest,
    )
    for _ in range(2):
        assert entered(digest)[1] is None


def test_what_was_set_for_the_whole_connection_is_gone_for_who_comes_next(entered, browser_of, own, world):
    """Given a statement that set its role and a limit past its transaction, when another begins, they meet neither."""
    first, second = browser_of(world.school.lead), browser_of(world.school.senco)
    session, _row = entered(first)
    limit = session.scalar(text("select current_setting('statement_timeout')"))
    session.execute(
        text(
            "select set_config('role', 'wb_public', false), set_config('statement_timeout', '50', false),"
            " set_config('search_path', 'pg_temp', false), set_config('default_transaction_read_only', 'on', false),"
            " pg_advisory_lock(20261129)"
        )
    )
    session.commit()
    session, row = entered(second)
    assert row["membership_id"] == str(world.school.senco.membership_id)
    left = session.execute(
        text(
            "select current_setting('statement_timeout'), current_setting('default_transaction_read_only'),"
            " current_setting('search_path') = 'pg_temp',"
            " (select count(*) from pg_locks where locktype = 'advisory' and objid = 20261129)"
        )
    ).one()
    assert tuple(left) == (limit, "off", False, 0)


def test_what_was_prepared_on_the_connection_runs_for_nobody_who_comes_next(entered, browser_of, world):
    # given a statement that pages send often, and one of somebody's own that stands in for whatever is kept prepared
    asked = text("select current_setting('app.person')")
    first, second = browser_of(world.school.lead), browser_of(world.school.senco)
    session, _row = entered(first)
    for _ in range(9):
        session.scalar(asked)
    assert session.scalar(text("select count(*) from pg_prepared_statements")) == 0
    for number in range(20):
        session.execute(text(f"prepare _pg3_{number} as select 'somebody else'"))
    session.execute(text("declare kept cursor with hold for select 1"))
    session.commit()
    # when the next person's page asks the same
    session, _row = entered(second)
    # then it is answered, and nothing of it is left
    assert {session.scalar(asked) for _ in range(9)} == {str(world.school.senco.person_id)}
    left = "select (select count(*) from pg_prepared_statements) + (select count(*) from pg_cursors where is_holdable)"
    assert session.scalar(text(left)) == 0


def test_a_session_serves_one_person(entered, browser_of, world):
    digest = browser_of(world.school.senco)
    session, row = entered(digest)
    assert session.enter_by(digest) == row
    with pytest.raises(ScopeChanged):
        session.enter_by(browser_of(world.school.dsl))
    with pytest.raises(ScopeChanged):
        session.enter(world.school.dsl.scope)


def test_use_is_noted_whatever_becomes_of_the_page_and_nobody_waits_for_it(entered, browser_of, own, world):
    digest = browser_of(world.school.senco)
    own.rows(
        "update identity.browser_session set last_seen_at = app.now() - interval '5 minutes'"
        " where token_hash = %s",
        digest,
    )
    session, _row = entered(digest)
    # Signing in has a connection of its own; the page that it does so from is not yet done.
    own.rows("set lock_timeout = '500ms'")
    own.rows("update identity.browser_session set confirmed_at = app.now() where token_hash = %s", digest)
    session.rollback()
    seen = own.value("select last_seen_at from identity.browser_session where token_hash = %s", digest)
    assert now() - seen < timedelta(minutes=1)


def test_only_the_login_of_pages_enters(own, stack, world):
    for login in ("wb_signin", "wb_dispatch", "wb_documents", "wb_rollup"):
        with (
            psycopg.connect(own.stack.url(login)) as connection,
            pytest.raises(psycopg.Error, match="permission"),
        ):
            connection.execute("select app.enter('\\x00')")
    with psycopg.connect(own.stack.url("wb_web")) as connection:
        connection.execute("set local role wb_parent")
        with pytest.raises(psycopg.Error, match="permission"):
            connection.execute("select app.enter('\\x00')")


def test_a_connection_that_is_gone_is_taken_anew_once(own, world, monkeypatch):
    """Where the socket does not say so: a network that forgot it."""
    monkeypatch.setattr(infra.database, "_is_closed", lambda _connection: False)
    client = own.client(world.school.senco)
    assert client.get("/school/parents").status_code == 200
    with psycopg.connect(own.stack.maintenance_url, autocommit=True) as master:
        master.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = 'wb_web'",
            [own.stack.database],
        )
    assert client.get("/school/parents").status_code == 200
