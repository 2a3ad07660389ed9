"""A way in moves with its owner; four words are for whoever lost both phone and mailbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts import keys
from infra.clock import now
from infra.ids import new_id
from tests.integration.accounts.own_keys import (
    digits,
    is_in,
    joined,
    messages,
    move_to,
    prove,
)
from tests.support.reading import find_in

__all__ = ["digits", "joined", "messages"]  # fixtures


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
    words = find_in(r'translate="no">([^<]+)<', client.post("/my-account/words").text)[1]
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
        "Removed."
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
        assert "Nothing was removed." in said
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
        assert "are not right" in client.post("/my-account/way-in/code", data={"code": wrong}).text

    assert client.post("/my-account/way-in/code", data={"code": right}).status_code == 429
    assert not messages("way_in_changed")


def test_the_digits_work_in_the_browser_that_asked(joined, digits, client_for, world):
    client, other = joined(), client_for(world.school.parent)
    prove(client, digits)
    client.post("/my-account/way-in", data={"address": "07700 900932"})
    code = digits("way_in_code")
    other.post("/lost/code", data={"code": code})

    assert client.post("/my-account/way-in/code", data={"code": code}).status_code == 303


# ---- four words


def test_four_words_let_somebody_in_from_a_new_phone(joined, client_for, digits, messages, link_asked_by):
    page = joined().post("/my-account/words").text
    words = find_in(r'translate="no">([^<]+)<', page)[1]
    assert len(words.split()) == 4

    client = client_for(None)
    lost = {"old": "07700 900931", "words": f" {words.upper().replace(' ', ', ')} ", "new": "07700 900932"}
    assert client.post("/lost", data=lost).location.endswith("/lost/code")
    code = digits("way_in_code")
    assert "are not right" in client_for(None).post("/lost/code", data={"code": code}).text
    assert client.post("/lost/code", data={"code": code}).status_code == 303

    assert is_in(client)
    assert len(messages("way_in_changed")) == 1
    assert link_asked_by(client_for(None), "07700 900931") is None


def test_wrong_words_send_nothing_say_the_same_and_are_five_a_day(joined, client_for, messages):
    page = joined().post("/my-account/words").text
    words = find_in(r'translate="no">([^<]+)<', page)[1]
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
    words = find_in(r'translate="no">([^<]+)<', joined().post("/my-account/words").text)[1]
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
