"""The last usable way in stays, whichever kind it is, and also where two are taken away at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import psycopg
import pytest

from infra.ids import new_id
from tests.support.own import own_app
from tests.support.reading import value_of

BROWSER = b"browser-of-somebody-at-work-1234"
REMOVE = "select identity.remove_passkey(%s, %s, %s)"
DISCONNECT = "select identity.disconnect_federated(%s, %s, %s)"


@pytest.fixture(scope="module")
def own(stack, world):
    with own_app(stack, "last_way_in") as made:
        yield made


@pytest.fixture
def somebody(own, world):
    """The SENCO, signed in, with no password: what is added is all they have. Each way in by its id."""
    person = world.school.senco

    def has(*kinds: str) -> dict[str, UUID]:
        ids = {kind: new_id() for kind in kinds}
        for kind, key in ids.items():
            if kind == "passkey":
                own.rows(
                    "insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)"
                    " values (%s, %s, %s, 'x', 0, 'Laptop')",
                    key,
                    person.account_id,
                    key.bytes,
                )
            else:
                own.rows(
                    "insert into identity.federated_identity (id, account_id, provider, issuer, subject)"
                    " values (%s, %s, %s, %s, 'me')",
                    key,
                    person.account_id,
                    kind,
                    f"https://{kind}.example.org",
                )
        return ids

    kept = own.value("select password_hash from identity.account where id = %s", person.account_id)
    own.rows("update identity.account set password_hash = null where id = %s", person.account_id)
    own.rows(
        "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
        " values (%s, %s, %s, %s, now() + interval '1 hour', '1 hour')",
        BROWSER,
        new_id(),
        person.account_id,
        person.membership_id,
    )
    yield has
    for table in ("passkey", "federated_identity", "browser_session"):
        own.rows(f"delete from identity.{table} where account_id = %s", person.account_id)
    own.rows("update identity.account set password_hash = %s where id = %s", kept, person.account_id)


def ask(own, statement, *values):
    """The answer of one call, as the login of signing in."""
    with psycopg.connect(own.stack.url("wb_signin"), autocommit=True) as connection:
        return value_of(connection, statement, values)


def test_a_directory_that_is_no_longer_offered_does_not_count_as_a_way_in(own, somebody):
    ways = somebody("passkey", "gone")

    assert ask(own, REMOVE, BROWSER, ways["passkey"], ["microsoft"]) == "last"
    assert ask(own, DISCONNECT, BROWSER, ways["gone"], ["microsoft"]) == "disconnected"
    assert ask(own, REMOVE, BROWSER, ways["passkey"], ["microsoft"]) == "last"


def test_of_two_that_open_one_may_go(own, somebody):
    ways = somebody("passkey", "microsoft")

    assert ask(own, DISCONNECT, BROWSER, ways["microsoft"], ["microsoft"]) == "disconnected"
    assert ask(own, DISCONNECT, BROWSER, ways["microsoft"], ["microsoft"]) == "unknown"
    assert ask(own, REMOVE, BROWSER, ways["passkey"], ["microsoft"]) == "last"


def test_both_at_the_same_moment_leave_one(own, somebody):
    ways, gate = somebody("passkey", "microsoft"), Barrier(2)

    def press(statement, key):
        with psycopg.connect(own.stack.url("wb_signin"), autocommit=True) as connection:
            gate.wait(timeout=10)
            return value_of(connection, statement, (BROWSER, key, ["microsoft"]))

    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(press, REMOVE, ways["passkey"]),
            pool.submit(press, DISCONNECT, ways["microsoft"]),
        ]
        found = {one.result() for one in answers}

    assert found in ({"removed", "last"}, {"last", "disconnected"})


@pytest.mark.parametrize("statement", [REMOVE, DISCONNECT])
def test_what_is_somebody_elses_is_not_there(own, somebody, statement):
    somebody("passkey", "microsoft")
    assert ask(own, statement, BROWSER, new_id(), ["microsoft"]) == "unknown"
    assert ask(own, statement, b"nobody", new_id(), ["microsoft"]) == "unknown"
