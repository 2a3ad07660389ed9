"""What is kept of signing in oidc, and two presses at the same moment: on connections that commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from app.accounts import oidc
from app.extensions import limiter
from app.factory import create_app
from app.identity.current import session as web_session
from app.identity.gate import close_doors
from app.identity.websession import WebSession, _save, start_session
from infra.openid_client import Proof, clients_for
from tests.integration.accounts.openid import at_provider, journey, off
from tests.support.client import PageClient
from tests.support.openid import running_provider
from tests.support.reading import cookie_of

MFA = {"amr": ["mfa"]}


@pytest.fixture(scope="module")
def own(stack, world):
    """An application on a database of its own, a provider, and the superuser's view."""
    kept = dict(vars(limiter))
    with stack.copy("openid_commits") as copy, running_provider() as provider:
        app = create_app(copy.settings())
        app.config.update(
            TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, PROPAGATE_DEFECTS=True
        )
        app.extensions["openid"] = clients_for([provider.settings()])
        with psycopg.connect(copy.superuser_url, autocommit=True) as rows:
            yield app, provider, rows
        with app.app_context():
            close_doors()
        app.extensions["storage"].close()
    # One limiter serves every application of the process: it is given back as it was.
    vars(limiter).clear()
    vars(limiter).update(kept)


@pytest.fixture
def connected(own):
    """Connect a person with a subject; it sits at the browser now, and used two factors."""
    app, provider, _rows = own

    def make(person, subject):
        with app.test_request_context():
            start_session(web_session, person.membership_id, role=person.role)
            assert oidc.connect("larkfield", Proof(provider.issuer, subject, True, True))
        provider.subject, provider.claims = subject, dict(MFA)
        return person

    return make


def test_signing_in_is_written_down_and_no_token_is_kept(own, connected, world):
    app, provider, rows = own
    person = connected(world.school.lead, "written-down")
    provider.claims |= {"email": "somebody@directory.example", "name": "Somebody Else"}
    client = PageClient(app)

    assert journey(client).status_code == 303

    events = rows.execute(
        "select event from identity.sign_in_event where account_id = %s order by id", [person.account_id]
    ).fetchall()
    assert [event for (event,) in events][-3:] == [
        "provider_connected",
        "signed_in_elsewhere",
        "session_started",
    ]
    kept = ""
    for (table,) in rows.execute("select tablename from pg_tables where schemaname = 'identity'").fetchall():
        query = psycopg.sql.SQL("select coalesce(string_agg(t::text, ' '), '') from identity.{} t")
        kept += rows.execute(query.format(psycopg.sql.Identifier(table))).fetchone()[0]
    assert "written-down" in kept, "the subject is what is kept"
    for secret in (*provider.given, "somebody@directory.example", "Somebody Else", "mfa"):
        assert secret not in kept


def test_a_closed_account_opens_nothing(own, connected, world):
    app, _provider, rows = own
    person = connected(world.school.people["senco"], "closed")
    rows.execute("update identity.account set disabled_at = now() where id = %s", [person.account_id])
    client = PageClient(app)

    response = journey(client)

    assert response.status_code == 403
    assert "You have no role here at the moment" in response.text
    assert client.get("/my-account").status_code == 302
    rows.execute("update identity.account set disabled_at = null where id = %s", [person.account_id])


def test_two_ways_back_at_once_are_one_session(own, connected, world):
    app, provider, rows = own
    person = connected(world.school.lead, "twice")
    rows.execute("delete from identity.browser_session where account_id = %s", [person.account_id])
    client = PageClient(app)
    answer = at_provider(off(client))
    twins = [PageClient(app), PageClient(app)]
    for twin in twins:
        twin.set_cookie("webelong", cookie_of(client), domain="localhost")
    asked, gate = provider.count("/token"), Barrier(2)

    def back(twin):
        gate.wait(timeout=10)
        return twin.get(answer).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(back, twins))

    assert answers == [303, 400]
    assert provider.count("/token") == asked + 1
    (sessions,) = rows.execute(
        "select count(*) from identity.browser_session where account_id = %s", [person.account_id]
    ).fetchone()
    assert sessions == 1


def test_a_page_that_saves_late_does_not_bring_a_used_journey_back(own, connected, world):
    app, _provider, rows = own
    connected(world.school.lead, "late")
    client = PageClient(app)
    client.get("/sign-in")
    answer = at_provider(off(client))
    mark = cookie_of(client)
    assert client.get(answer).status_code == 303
    with app.test_request_context():
        late = WebSession(mark, {"csrf_token": "x"})
        _save(app, late)
    client.set_cookie("webelong", mark, domain="localhost")

    assert client.get(answer).status_code == 400
    (waiting,) = rows.execute(
        "select count(*) from identity.browser_session where journey is not null"
    ).fetchone()
    assert waiting == 0


def test_of_two_disconnects_at_once_one_way_in_stays(own, connected, world):
    app, provider, rows = own
    person = connected(world.school.dsl, "one")
    connected(world.school.dsl, "two")
    rows.execute("update identity.account set password_hash = null where id = %s", [person.account_id])
    ids = [
        row[0]
        for row in rows.execute(
            "select id from identity.federated_identity where account_id = %s", [person.account_id]
        ).fetchall()
    ]
    browsers = [PageClient(app), PageClient(app)]
    provider.claims["auth_time"] = 9_999_999_999
    for browser in browsers:
        assert journey(browser).status_code == 303
    gate = Barrier(2)

    def press(browser, federated_id):
        gate.wait(timeout=10)
        return browser.post(f"/my-account/disconnect/{federated_id}").status_code

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, browsers, ids))

    (left,) = rows.execute(
        "select count(*) from identity.federated_identity where account_id = %s", [person.account_id]
    ).fetchone()
    assert left == 1


def test_one_account_elsewhere_opens_one_account_here(own, connected, world):
    """Whatever a program does: the table itself refuses a second row."""
    _app, provider, rows = own
    person = connected(world.school.lead, "unique")

    with pytest.raises(psycopg.errors.UniqueViolation):
        rows.execute(
            "insert into identity.federated_identity (id, account_id, provider, issuer, subject)"
            " values (gen_random_uuid(), %s, 'other', %s, 'unique')",
            [world.school.dsl.account_id, provider.issuer],
        )
    assert person is world.school.lead
