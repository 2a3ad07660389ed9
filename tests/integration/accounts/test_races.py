"""Two presses at the same moment, on real connections that commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from app.messages.services import link_token, token_hash
from infra.database import sqlalchemy_url
from tests.support.client import PageClient


@pytest.fixture
def owner(stack):
    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def asked(shared_app, world, owner):
    """A browser that asked for a link, and the link; both are taken away afterwards."""
    client, parent = PageClient(shared_app), world.school.parent
    assert client.post("/new-link", data={"address": parent.phone or parent.email}).status_code == 303
    message_id = owner.execute(text("select id from outbox where kind = 'sign_in_link'")).scalar_one()
    yield client, link_token(shared_app.config["SECRET_KEY"], message_id)
    owner.execute(text("delete from outbox where id = :id"), {"id": message_id})
    owner.execute(text("delete from identity.token where outbox_id = :id"), {"id": message_id})
    owner.execute(
        text(
            "delete from identity.browser_session"
            " where account_id is null or (account_id = :id and expires_at < 'infinity')"
        ),
        {"id": parent.account_id},
    )
    owner.execute(text("delete from identity.attempt"))


def test_two_presses_at_once_make_one_session(shared_app, asked, owner, world):
    client, token = asked
    mark, twins = client.get_cookie("webelong").value, [PageClient(shared_app), PageClient(shared_app)]
    for twin in twins:
        twin.set_cookie("webelong", mark, domain="localhost")
    gate = Barrier(2)

    def press(twin):
        gate.wait(timeout=10)
        return twin.post(f"/link/{token}").status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, twins))

    assert answers[0] == 303
    assert answers[1] in (200, 410), "used, or no longer in a browser that asked"
    assert _sessions_of(owner, world.school.parent) == 1


def test_of_many_uses_at_once_one_counts(shared_app, asked, stack, owner):
    _client, token = asked
    engine = create_engine(sqlalchemy_url(stack.url("wb_signin")), isolation_level="AUTOCOMMIT", pool_size=8)
    bound = owner.execute(
        text("select browser_hash from identity.token where token_hash = :hash"), {"hash": token_hash(token)}
    ).scalar_one()
    gate = Barrier(8)

    def use(_number):
        with engine.connect() as connection:
            gate.wait(timeout=10)
            return connection.execute(
                text("select identity.use_link(:hash, :browser, gen_random_uuid(), gen_random_uuid(), null)"),
                {"hash": token_hash(token), "browser": bound},
            ).scalar_one()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(use, range(8)))
    engine.dispose()

    assert len([answer for answer in answers if answer]) == 1


def _sessions_of(owner, person) -> int:
    return owner.execute(
        # But for the one in which tests act as them.
        text(
            "select count(*) from identity.browser_session where account_id = :id and expires_at < 'infinity'"
        ),
        {"id": person.account_id},
    ).scalar_one()
