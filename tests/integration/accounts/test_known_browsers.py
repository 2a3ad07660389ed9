"""Whoever shares a network, a mailbox or a phone keeps nobody out of a browser that they came in by before."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.accounts import keys, links, throttle
from app.identity import known_browsers
from app.identity.current import me
from app.identity.roles import Role
from app.messages.services import link_token
from tenants.session import ASSUME

PHONE, TYPED = "+447700900941", "07700 900941"
PIN = "402718"
HOME = {"REMOTE_ADDR": "192.0.2.41"}


@pytest.fixture
def links_to_ben(app, connection, world):
    def newest(client):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        rows = connection.execute(
            text(
                "select id from outbox where kind = 'sign_in_link' order by created_at desc, id desc limit 2"
            )
        ).all()
        connection.execute(text("select set_config('role', 'none', true)"))
        found = [link_token(app.config["SECRET_KEY"], row.id) for row in rows]
        return next(one for one in found if "Are you Ben?" in client.get(f"/link/{one}").text)

    return newest


@pytest.fixture
def joined(client_for, invitation_to):
    def make(name, pin):
        client = client_for(None)
        client.post(f"/link/{invitation_to(Role.PARENT, phone=PHONE, name=name)}", environ_overrides=HOME)
        client.post("/my-account/pin", data={"pin": pin}, environ_overrides=HOME)
        return client

    return make


@pytest.fixture
def ben(joined):
    """Ben's own browser, signed out; Ada has the same phone number, at the same home."""
    joined("Ada Couple", "918264")
    client = joined("Ben Couple", PIN)
    assert client.get("/my-account").status_code == 200
    client.post("/sign-out")
    return client


def ask(client, path, **data):
    return client.post(path, data=data, environ_overrides=HOME).status_code


def test_a_browser_is_known_once_nothing_is_asked_any_more(joined, app):
    joined("Ada Couple", "918264")
    client = joined("Ben Couple", "")
    client.get("/my")
    assert client.get_cookie(known_browsers.NAME) is None
    client.post("/my-account/pin", data={"pin": PIN})
    client.get("/my-account")

    cookie = client.get_cookie(known_browsers.NAME)
    assert cookie.http_only
    assert cookie.max_age == int(known_browsers.LIFE.total_seconds())
    for word in ("Ben", "7700", PIN):
        assert word not in cookie.value


def test_links_and_pins_that_others_use_up_are_not_the_owners(ben, client_for, links_to_ben):
    for _press in range(throttle.LINK_TEXT_HERE.times + 1):
        last = ask(client_for(None), "/new-link", address=TYPED)
    assert last == 429

    assert ask(ben, "/new-link", address=TYPED) == 303
    link = links_to_ben(ben)
    account = account_of(ben, link)
    with ben.application.test_request_context():
        for number in range(throttle.PIN.in_all.times):
            throttle.spend_of(throttle.PIN, account, f"browser {number // 4}", f"place {number // 8}")
        with pytest.raises(throttle.TooManyTries):
            throttle.spend_of(throttle.PIN, account, "another browser", "another place")

    assert ask(ben, "/pin", pin="999111") == 200
    assert ask(ben, "/pin", pin=PIN) == 303
    assert ben.get("/my-account").status_code == 200


def account_of(client, link):
    """Come in by the link; whose account it is."""
    client.post(f"/link/{link}", environ_overrides=HOME)
    cookie = f"webelong={client.get_cookie('webelong').value}"
    with client.application.test_request_context(headers={"Cookie": cookie}):
        return me().account_id


def test_words_that_others_use_up_are_not_the_owners(ben, client_for):
    lost = {"old": TYPED, "words": "apple pear plum fig", "new": "07700 900942"}
    for _press in range(keys.WORDS_HERE.times + 1):
        last = ask(client_for(None), "/lost", **lost)
    assert last == 429

    assert ask(ben, "/lost", **lost) == 303


def test_a_browsers_own_tries_are_few_too(ben):
    answers = [ask(ben, "/new-link", address=TYPED) for _press in range(throttle.LINK_OWN.times + 1)]
    assert answers == [303] * throttle.LINK_OWN.times + [429]


def test_who_only_asked_for_somebodys_link_is_not_known_as_them(client_for, joined):
    """Their browser is known for their own address, however often they pressed for another."""
    stranger = client_for(None)
    ask(stranger, "/new-link", address="07700 900949")
    for _press in range(throttle.LINK_TEXT_HERE.times - 1):
        ask(stranger, "/new-link", address="07700 900949")
    assert ask(stranger, "/new-link", address="07700 900949") == 429


def test_exit_this_page_takes_the_mark_away_and_signing_out_does_not(ben):
    assert ben.get_cookie(known_browsers.NAME) is not None
    ben.get("/leave")
    assert ben.get_cookie(known_browsers.NAME) is None


@pytest.mark.parametrize("value", ["", "x", "gAAAAA", "x" * 5000])
def test_a_mark_that_we_did_not_make_is_none(app, value):
    with app.test_request_context(headers={"Cookie": f"{known_browsers.NAME}={value}"}):
        assert known_browsers.knows("account", "1") == ""
        assert known_browsers.knows() == ""


# ---- IPv6


def press(client_for, visitor, address):
    return client_for(None).post(
        "/new-link", data={"address": address}, environ_overrides={"REMOTE_ADDR": visitor}
    ).status_code  # fmt: skip


def test_one_ipv6_line_is_one_visitor(client_for):
    answers = [
        press(client_for, f"2001:db8:1:2::{number:x}", f"p{number}@a.example.org")
        for number in range(throttle.LINK_VISITOR.times + 3)
    ]
    assert answers.count(303) == throttle.LINK_VISITOR.times
    assert press(client_for, "2001:db8:1:3::1", "another@a.example.org") == 303


def test_whoever_presses_from_many_addresses_of_a_line_keeps_the_owner_out_nowhere(client_for):
    answers = [press(client_for, f"2001:db8:1:2:{number:x}::", "07700 900947") for number in range(10)]
    assert answers.count(303) == throttle.LINK_TEXT_HERE.times
    assert press(client_for, "2001:db8:9::1", "07700 900947") == 303


def test_one_customer_has_not_a_visitor_for_each_of_their_lines(app):
    with app.test_request_context():
        sent = 0
        for number in range(throttle.LINK_CUSTOMER.times + 5):
            try:
                links._spend(
                    "email", f"p{number}@a.example.org", f"2001:db8:1:{number:x}::/64", "2001:db8:1::/48"
                )
                sent += 1
            except throttle.TooManyTries:
                break
    assert sent == throttle.LINK_CUSTOMER.times


# ---- a number that is nobody's yet


def test_a_number_gets_few_codes_whoever_asks_for_them(client_for, world):
    """Three parents press for one number: it rang fifteen times."""
    people = [world.school.parent, world.school.other_parent, world.sibling_school.parent]
    answers = [
        client_for(person).post("/my-account/way-in", data={"address": "07700 900777"}).status_code
        for person in people
        for _press in range(4)
    ]
    assert answers.count(303) == throttle.CODE_THERE.times
    assert answers[-1] == 429
    other = client_for(people[-1]).post("/my-account/way-in", data={"address": "07700 900778"})
    assert other.status_code == 303
