"""A PIN tells two people at one phone apart, and keeps out whoever else reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts import throttle
from app.messages.services import link_token
from infra.clock import now
from tests.integration.accounts.own_keys import (
    PHONE,
    PIN,
    digits,
    is_in,
    joined,
    messages,
    prove,
)
from tests.integration.recruitment.test_parents import ALL_YES
from tests.support.reading import find_in

__all__ = ["digits", "joined", "messages"]  # fixtures


def test_on_a_shared_phone_each_chooses_a_pin_at_joining_and_is_asked_for_it(
    joined, client_for, app, messages
):
    joined("Ada Couple").post("/my-account/pin", data={"pin": "918 264"})
    ben = joined("Ben Couple")
    # Whoever joins on a phone that is used already chooses a PIN before anything is theirs; a no needs none.
    assert ben.get("/my").location == "/my/welcome"
    assert ben.get("/my/welcome/choices").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(ben)

    client = client_for(None)
    client.post("/new-link", data={"address": "07700 900931"})
    key = app.config["SECRET_KEY"]
    links = [link_token(key, row.id) for row in messages("sign_in_link")[-2:]]
    for_ben = next(link for link in links if "Are you Ben?" in client.get(f"/link/{link}").text)
    client.post(f"/link/{for_ben}")
    for path in ("/my", "/my/choices", "/my/data", "/my-account", "/my/group"):
        assert client.get(path).location == "/pin", path
    # Ways that he has not are not offered: he has no words, and no address but this phone.
    ways = client.get("/pin").text
    assert "Type your four words" not in ways
    assert "Get 6 digits" not in ways
    assert "fresh start" in ways
    # Ada knows her own PIN; it does not open Ben's pages, and neither does a code to the phone that both hold.
    assert "not right" in client.post("/pin", data={"pin": "918264"}).text
    assert client.post("/confirm/send", data={"channel": "sms"}).status_code == 404
    assert client.post("/pin", data={"pin": PIN}).status_code == 303
    assert is_in(client)


def test_whoever_has_no_pin_when_a_phone_becomes_shared_is_let_in_by_their_words_alone(
    joined, client_for, app, messages, clock
):
    ada = joined("Ada Couple")
    ada.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ada"})
    words = find_in(r'translate="no">([^<]+)<', ada.post("/my-account/words").text)[1]
    clock.set(now() + timedelta(days=1))
    joined("Ben Couple").post("/my-account/pin", data={"pin": PIN})

    client = client_for(None)
    client.post("/new-link", data={"address": "07700 900931"})
    links = [link_token(app.config["SECRET_KEY"], row.id) for row in messages("sign_in_link")[-2:]]
    for_ada = next(link for link in links if "Are you Ada?" in client.get(f"/link/{link}").text)
    client.post(f"/link/{for_ada}")
    assert client.get("/my").location == "/pin"
    assert "Type your four words" in client.get("/pin").text
    # Ben, who holds the same phone, chooses no PIN in Ada's name.
    assert client.post("/my-account/pin", data={"pin": "518273"}).location == "/confirm"
    assert not is_in(client)

    assert client.post("/confirm/words", data={"pin": words.upper()}).status_code == 303
    # Words are for once. What is private opens by a PIN, which is chosen now.
    assert client.get("/my/choices").location == "/my-account/pin"
    assert client.post("/my-account/pin", data={"pin": "518273"}).status_code == 303
    assert is_in(client)


@pytest.fixture
def with_a_pin(joined, digits):
    """A browser of somebody at a phone of their own who chose a PIN."""
    client = joined()
    prove(client, digits)
    assert client.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    return client


def test_whoever_chose_a_pin_is_asked_for_it_at_every_sign_in(with_a_pin, client_for, link_asked_by):
    """Given that somebody else reads the phone, its link alone opens nothing."""
    assert is_in(with_a_pin)
    phone = client_for(None)
    phone.post(f"/link/{link_asked_by(phone, PHONE)}")
    for page in ("/my", "/my-account", "/my/answers", "/my-account/pin", "/my-account/way-in"):
        assert phone.get(page).location == "/pin", page
    assert "You chose a PIN" in phone.get("/pin").text

    assert "not right" in phone.post("/pin", data={"pin": "918273"}).text
    assert phone.post("/pin", data={"pin": PIN}).status_code == 303
    assert is_in(phone)


def test_six_digits_to_the_same_phone_open_nothing_that_a_pin_keeps(
    with_a_pin, client_for, link_asked_by, digits
):
    phone = client_for(None)
    phone.post(f"/link/{link_asked_by(phone, PHONE)}")
    prove(phone, digits)
    assert not is_in(phone)
    phone.post("/my-account/pin", data={"pin": "135792"})
    assert phone.post("/pin", data={"pin": "135792"}).status_code == 200
    assert phone.post("/pin", data={"pin": PIN}).status_code == 303


def test_a_pin_is_tried_a_few_times(joined, client_for, app, messages):
    joined("Ada Couple")
    joined("Ben Couple").post("/my-account/pin", data={"pin": PIN})
    client = client_for(None)
    client.post("/new-link", data={"address": "07700 900931"})
    links = [link_token(app.config["SECRET_KEY"], row.id) for row in messages("sign_in_link")[-2:]]
    client.post(f"/link/{next(link for link in links if 'Ben' in client.get(f'/link/{link}').text)}")
    for step in range(throttle.PIN.browser.times):
        assert client.post("/pin", data={"pin": f"10203{step}"}).status_code == 200

    assert client.post("/pin", data={"pin": PIN}).status_code == 429
    assert not is_in(client)


@pytest.fixture
def at_bens(joined, client_for, app, messages):
    """A browser at Ben's link, at the phone that Ada has too: it reads nothing without Ben's PIN."""
    joined("Ada Couple")
    joined("Ben Couple").post("/my-account/pin", data={"pin": PIN})

    def make(place="192.0.2.1"):
        client, where = client_for(None), {"REMOTE_ADDR": place}
        client.post("/new-link", data={"address": "07700 900931"}, environ_overrides=where)
        links = [link_token(app.config["SECRET_KEY"], row.id) for row in messages("sign_in_link")[-2:]]
        mine = next(one for one in links if "Are you Ben?" in client.get(f"/link/{one}").text)
        client.post(f"/link/{mine}", environ_overrides=where)
        return lambda path, typed: client.post(path, data={"pin": typed}, environ_overrides=where).status_code

    return make


@pytest.mark.parametrize("place", ["192.0.2.1", "192.0.2.9"])
def test_whoever_shares_the_phone_uses_up_their_own_tries_and_not_the_owners(at_bens, place):
    """From the same home, or from elsewhere."""
    stranger, ben = at_bens(), at_bens(place)
    for step in range(throttle.PIN.browser.times):
        assert stranger("/pin", f"10203{step}") == 200
    for _press in range(4):
        assert stranger("/pin", PIN) == 429
    assert ben("/pin", PIN) == 303


def test_patience_and_many_browsers_do_not_use_up_the_owners_tries_elsewhere(at_bens, clock):
    for _round in range(4):
        stranger = at_bens()
        for step in range(throttle.PIN.browser.times + 1):
            stranger("/pin", f"10203{step}")
        clock.set(now() + timedelta(minutes=11))
    assert stranger("/pin", PIN) == 429
    assert at_bens("192.0.2.9")("/pin", PIN) == 303


def test_an_account_is_tried_a_few_times_from_wherever(at_bens):
    browsers = [at_bens(f"192.0.2.{place}") for place in range(1, 6)]
    answers = [browser("/pin", f"10203{step}") for browser in browsers for step in range(5)]
    assert answers.count(200) == throttle.PIN.in_all.times
    assert answers[-1] == 429


def test_wrong_words_of_whoever_shares_the_phone_leave_the_owner_theirs(at_bens):
    stranger, ben = at_bens(), at_bens()
    for _press in range(throttle.WORDS.browser.times):
        assert stranger("/confirm/words", "apple pear plum fig") == 200
    assert stranger("/confirm/words", "apple pear plum fig") == 429
    assert ben("/confirm/words", "apple pear plum fig") == 200


@pytest.mark.parametrize("pin", ["", "1234", "123456", "987654", "111111", "121121", "abcdef"])
def test_a_pin_that_anybody_guesses_is_refused(joined, pin):
    assert "There is a problem" in joined().post("/my-account/pin", data={"pin": pin}).text
