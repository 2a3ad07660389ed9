"""Sessions end by themselves, idle or old; and the doors tell nobody which addresses they know."""

from __future__ import annotations

import pytest

import app.accounts.passwords as passwords
from app.identity.websession import STAFF_IDLE, STAFF_LIFE, RowSessionInterface, hash_secret
from tests.integration.bad_input.conftest import sign_in_to
from tests.support.reading import cookie_of

IDLE, LIFE = STAFF_IDLE.seconds, STAFF_LIFE.total_seconds()


@pytest.fixture
def after(own_app, own_superuser, world):
    """What the lead's next page is when this much time has passed since the last press, or since the sign-in."""

    def look(*, seen: float = 0, begun: float = 0):
        client = sign_in_to(own_app, world.school.lead)
        cookie = cookie_of(client, RowSessionInterface().cookie_name(own_app))
        done = own_superuser.execute(
            "update identity.browser_session set last_seen_at = last_seen_at - make_interval(secs => %s),"
            " expires_at = expires_at - make_interval(secs => %s) where token_hash = %s",
            [seen, begun, hash_secret(cookie)],
        )
        assert done.rowcount == 1
        return client.get("/my-account")

    return look


@pytest.mark.parametrize(
    ("passed", "status"),
    [
        ({"seen": IDLE - 60}, 200),
        ({"seen": IDLE + 60}, 302),
        ({"begun": LIFE - 60}, 200),
        ({"begun": LIFE + 60}, 302),
    ],
)
def test_half_an_hour_idle_or_twelve_hours_in_all_end_it(after, passed, status):
    assert (IDLE, LIFE) == (30 * 60, 12 * 3600)
    page = after(**passed)
    assert page.status_code == status
    assert status == 200 or page.location.endswith("/sign-in?ended=1")


def test_an_unknown_address_costs_what_a_known_one_does(own_app, own_superuser, monkeypatch, world):
    """The same rows written, the same passwords hashed: nothing for a stopwatch to tell."""
    hashed = []
    verify = passwords._hasher.__class__.verify

    def counted(*given):
        hashed.append(1)
        return verify(*given)

    monkeypatch.setattr(passwords._hasher.__class__, "verify", counted)

    def written():
        return own_superuser.execute(
            "select (select count(*) from identity.token), (select count(*) from identity.attempt)"
        ).fetchone()

    def cost(address):
        before = written()
        hashed.clear()
        client = sign_in_to(own_app, None)
        assert client.post("/new-link", data={"address": address}).status_code == 303
        assert client.post("/sign-in/forgotten", data={"email": address}).status_code == 303
        page = client.post("/sign-in", data={"email": address, "password": "wrong but long enough"})
        assert page.status_code == 200
        return [now - then for now, then in zip(written(), before, strict=True)], len(hashed)

    known = cost(world.school.parent.email)
    assert known == cost("nobody.at.all@example.org") == cost(world.school.lead.email)
    # Six rows for links and four for a new password, whoever shares the address; four passwords at each sign-in.
    # Counters: five for a link (its address, its address from here, the visitor, the wider net that an IPv6 line is of,
    # any try), three for a new password, three for the password.
    assert known == ([10, 11], 4)
