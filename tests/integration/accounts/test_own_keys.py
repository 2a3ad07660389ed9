"""A way in moves with its owner; a PIN tells two people at one phone apart; four words are for whoever lost both."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts import keys, throttle
from app.identity.roles import Role
from app.messages.links import confirm_code
from app.messages.services import link_token
from infra.clock import now
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.recruitment.test_parents import ALL_YES
from tests.support.client import PageClient

PHONE = "+447700900931"
PIN = "402718"


def is_in(client: PageClient) -> bool:
    return client.get("/my-account").status_code == 200


@pytest.fixture
def messages(connection, world):
    """The school's messages of one kind: (id, channel), in order."""

    def of(kind):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text("select id, channel from outbox where kind = :kind order by created_at, id"), {"kind": kind}
        ).all()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return of


@pytest.fixture
def digits(app, messages):
    """The six digits of the last code of one kind."""
    return lambda kind: confirm_code(app.config["SECRET_KEY"], messages(kind)[-1].id)


@pytest.fixture
def joined(client_for, invitation_to):
    """A browser of somebody who opened their invitation just now."""

    def make(name="Ada Couple", phone=PHONE, **more):
        client = client_for(None)
        assert (
            client.post(f"/link/{invitation_to(Role.PARENT, phone=phone, name=name, **more)}").status_code
            == 303
        )
        return client

    return make


def prove(client, digits):
    client.post("/confirm/send", data={"channel": "sms"})
    assert client.post("/confirm", data={"code": digits("confirm_code")}).status_code == 303


def move_to(client, address, digits):
    assert client.post("/my-account/way-in", data={"address": address}).status_code == 303
    return client.post("/my-account/way-in/code", data={"code": digits("way_in_code")})


def test_a_new_number_is_confirmed_there_and_told_at_the_old_one(
    joined, digits, messages, link_asked_by, client_for
):
    client = joined()
    assert client.get("/my-account/way-in").location == "/confirm"
    prove(client, digits)

    assert move_to(client, "07700 900932", digits).location.endswith("/my-account")

    assert len(messages("way_in_changed")) == 1
    assert link_asked_by(client_for(None), "07700 900932")
    assert link_asked_by(client_for(None), "07700 900931") is None


def test_messages_go_where_somebody_says_that_they_are_reached_and_the_number_before_is_told(
    joined, digits, messages, acting_as, world
):
    """Also a number that staff had typed and that was never their way in."""
    person_id = new_id()
    client = joined(person_id=person_id)
    before = "+447700900955"
    contact = {"id": person_id}
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update parent_contact set phone = :p where parent_id = :id"), contact | {"p": before}
        )
    said = messages("contact_changed")
    prove(client, digits)

    move_to(client, "07700 900932", digits)

    with acting_as(world.school.lead) as session:
        now_there = session.execute(text("select phone from parent_contact where parent_id = :id"), contact)
        assert now_there.scalar_one() == "+447700900932"
    # They did it themselves, and how they sign in has changed: nobody reads that the school did.
    assert messages("contact_changed") == said
    assert len(messages("way_in_changed")) == 2, "the number of before, and the one that they signed in with"


def test_a_lost_address_is_asked_about_and_taken_away_and_the_last_one_stays(
    joined, digits, messages, acting_as, link_asked_by, client_for, world
):
    """After the four words, or later: it lets nobody in, nothing goes there, and whoever has it is told."""
    person_id = new_id()
    client = joined(person_id=person_id)
    words = re.search(r'translate="no">([^<]+)<', client.post("/my-account/words").text)[1]
    lost = {"old": "07700 900931", "words": words, "new": "found@example.org"}
    new = client_for(None)
    new.post("/lost", data=lost)
    code = digits("way_in_code")
    assert new.post("/lost/code", data={"code": code}).location.endswith("/my-account/lost-address")
    page = new.get("/my-account/lost-address").text
    assert "I lost ••• 931" in page
    assert "No, I still have both" in page
    told = len(messages("way_in_changed"))

    assert (
        "Taken away."
        in new.post("/my-account/lost-address", data={"channel": "sms"}, follow_redirects=True).text
    )

    assert "931" not in new.get("/my-account").text
    assert len(messages("way_in_changed")) == told + 1
    assert link_asked_by(client_for(None), "07700 900931") is None
    with acting_as(world.school.lead) as session:
        there = session.execute(
            text("select phone from parent_contact where parent_id = :id"), {"id": person_id}
        ).scalar_one()
        assert there == ""
    for channel in ("email", "sms", "post"):
        said = new.post("/my-account/lost-address", data={"channel": channel}, follow_redirects=True).text
        assert "Nothing was taken away." in said
    assert link_asked_by(client_for(None), "found@example.org") is not None


@pytest.mark.parametrize("page", ["/sign-in", "/new-link", "/new-link/sent", "/help", "/contact"])
def test_who_lost_phone_or_mailbox_finds_the_four_words_wherever_they_stand(client_for, page):
    assert re.search(r'<a [^>]*href="/lost"', client_for(None).get(page).text)


def test_a_new_address_proves_nobody_for_a_day(joined, digits, clock):
    client = joined()
    clock.set(now() + timedelta(hours=1))
    prove(client, digits)
    move_to(client, "new@example.org", digits)
    assert client.post("/confirm/send", data={"channel": "email"}).status_code == 404

    clock.set(now() + timedelta(hours=1))
    assert client.post("/confirm/send", data={"channel": "email"}).status_code == 404


def test_wrong_digits_move_nothing_and_are_few(joined, digits, messages):
    client = joined()
    prove(client, digits)
    client.post("/my-account/way-in", data={"address": "07700 900932"})
    right = digits("way_in_code")
    for step in range(keys.MOVE_CODE.times):
        wrong = f"{(int(right) + 1 + step) % 1_000_000:06}"
        assert "do not fit" in client.post("/my-account/way-in/code", data={"code": wrong}).text

    assert client.post("/my-account/way-in/code", data={"code": right}).status_code == 429
    assert not messages("way_in_changed")


def test_the_digits_work_in_the_browser_that_asked(joined, digits, client_for, world):
    client, other = joined(), client_for(world.school.parent)
    prove(client, digits)
    client.post("/my-account/way-in", data={"address": "07700 900932"})
    code = digits("way_in_code")
    other.post("/lost/code", data={"code": code})

    assert client.post("/my-account/way-in/code", data={"code": code}).status_code == 303


# ---- two people, one phone


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
    words = re.search(r'translate="no">([^<]+)<', ada.post("/my-account/words").text)[1]
    clock.set(now() + timedelta(days=1))
    joined("Ben Couple").post("/my-account/pin", data={"pin": PIN})

    client = client_for(None)
    client.post("/new-link", data={"address": "07700 900931"})
    links = [link_token(app.config["SECRET_KEY"], row.id) for row in messages("sign_in_link")[-2:]]
    for_ada = next(link for link in links if "Are you Ada?" in client.get(f"/link/{link}").text)
    client.post(f"/link/{for_ada}")
    assert client.get("/my").location == "/pin"
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


# ---- four words


def test_four_words_let_somebody_in_from_a_new_phone(joined, client_for, digits, messages, link_asked_by):
    page = joined().post("/my-account/words").text
    words = re.search(r'translate="no">([^<]+)<', page)[1]
    assert len(words.split()) == 4

    client = client_for(None)
    lost = {"old": "07700 900931", "words": f" {words.upper().replace(' ', ', ')} ", "new": "07700 900932"}
    assert client.post("/lost", data=lost).location.endswith("/lost/code")
    code = digits("way_in_code")
    assert "do not fit" in client_for(None).post("/lost/code", data={"code": code}).text
    assert client.post("/lost/code", data={"code": code}).status_code == 303

    assert is_in(client)
    assert len(messages("way_in_changed")) == 1
    assert link_asked_by(client_for(None), "07700 900931") is None


def test_wrong_words_send_nothing_say_the_same_and_are_five_a_day(joined, client_for, messages):
    page = joined().post("/my-account/words").text
    words = re.search(r'translate="no">([^<]+)<', page)[1]
    client = client_for(None)
    for old in ("07700 900931", "07700 900999"):
        for _ in range(keys.WORDS_HERE.times):
            answer = client.post(
                "/lost", data={"old": old, "words": "apple pear plum fig", "new": "07700 900932"}
            )
            assert answer.location.endswith("/lost/code")
    assert not messages("way_in_code")

    right = {"old": "07700 900931", "words": words, "new": "07700 900932"}
    assert client.post("/lost", data=right).status_code == 429
    assert not messages("way_in_code")


def test_a_strangers_wrong_words_leave_the_owner_their_own_five(joined, client_for, messages):
    words = re.search(r'translate="no">([^<]+)<', joined().post("/my-account/words").text)[1]
    wrong = {"old": "07700 900931", "words": "apple pear plum fig", "new": "07700 900932"}
    for last in range(1, 4):  # from three places
        where = {"REMOTE_ADDR": f"192.0.2.{last}"}
        for _ in range(keys.WORDS_HERE.times):
            client_for(None).post("/lost", data=wrong, environ_overrides=where)
        assert client_for(None).post("/lost", data=wrong, environ_overrides=where).status_code == 429

    owner = client_for(None).post(
        "/lost", data=wrong | {"words": words}, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert owner.status_code == 303
    assert messages("way_in_code")


def test_keys_are_kept_as_hashes_and_no_audience_reads_them(joined, session_for, world):
    joined().post("/my-account/words")
    with pytest.raises(DBAPIError):
        session_for(world.school.lead).execute(text("select words_hash from identity.account"))
