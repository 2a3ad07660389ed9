"""An address becomes shared after somebody joined: who came in since takes no PIN, words or pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from app.messages.links import confirm_code
from infra.clock import now
from infra.ids import new_id
from tests.integration.accounts.test_shared_address import (
    EMAIL,
    PHONE,
    PIN,
    is_in,
    may_raise_a_concern,
)
from tests.integration.recruitment.test_parents import ALL_YES
from tests.support.reading import find_in

#: Shorter than a session without a press, longer than joining.
WHILE = timedelta(minutes=20)


@pytest.fixture
def has_joined(joined):
    """A browser of Ben, who has joined and has something to read."""

    def make(**address):
        client = joined(**address)
        assert client.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"}).status_code == 303
        return client

    return make


@pytest.fixture
def pass_time(clock):
    return lambda span=WHILE: clock.set(now() + span)


@pytest.fixture
def row(connection):
    """What one statement finds, as the superuser sees it."""

    def find(statement, **values):
        with connection.begin_nested() as step:
            connection.execute(text("set local session authorization default"))
            found = connection.execute(text(statement), values).all()
            step.rollback()
        return found

    return find


@pytest.fixture
def told(row):
    """Messages that say that an address is shared, by whether they still hold."""

    def of(address):
        return row(
            "select o.channel, t.name, a.is_open from outbox o join identity.token t on t.outbox_id = o.id"
            " cross join lateral identity.token_address(o.id) a"
            " where o.kind = 'address_shared' and t.account_id in (select id from identity.account"
            " where :address in (email, phone)) order by o.channel",
            address=address,
        )

    return of


@pytest.fixture
def comes_in(client_for, links_asked_by):
    """A new browser that asked for a link at an address, and opened the one for Ben."""

    def make(address=EMAIL, client=None):
        client = client or client_for(None)
        links = links_asked_by(client, address)
        link = next(one for one in links if "Are you Ben?" in client.get(f"/link/{one}").text)
        assert client.post(f"/link/{link}").status_code == 303
        return client

    return make


def is_shut(client) -> bool:
    """Nothing private, no PIN, no words; what is no secret between the two stays."""
    for path in ("/my", "/my/answers", "/my/choices", "/my/data", "/my-account", "/my-account/words"):
        assert client.get(path).location == "/pin", path
    assert client.get("/my-account/pin").location == "/pin"
    assert client.post("/my-account/pin", data={"pin": "518273"}).location == "/confirm"
    assert client.post("/my-account/words").location == "/pin"
    page = client.get("/pin").text
    assert "we cannot tell who is here" in page
    assert "in the browser that you used before" in page
    assert "fresh start" in page
    return True


@pytest.mark.parametrize("address", [{"email": EMAIL}, {"phone": PHONE}])
@pytest.mark.parametrize(("table", "school"), [("parent_contact", "school"), ("facilitator", "other_school")])
def test_whoever_comes_in_since_chooses_nothing_and_opens_nothing(
    has_joined, entered, comes_in, pass_time, world, address, table, school
):
    ben = has_joined(**address)
    pass_time()
    entered(by=getattr(world, school).lead, table=table, **address)
    pass_time()

    stranger = comes_in(*address.values())

    assert is_shut(stranger)
    for path in ("/my/group", "/my/group/messages", "/my/leave"):
        assert stranger.get(path).status_code == 200, path
    assert may_raise_a_concern(stranger)

    # Who was here before chooses, in the browser that is open, and the other one is asked for it.
    assert ben.get("/my/answers").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(ben)
    assert stranger.get("/my").location == "/pin"
    assert "not right" in stranger.post("/pin", data={"pin": "518273"}).text
    assert not is_in(stranger)


def test_an_address_taken_away_and_given_back_makes_no_browser_old(
    has_joined, entered, comes_in, pass_time, acting_as, world
):
    has_joined()
    pass_time()
    ada = entered(email=EMAIL)
    pass_time()
    stranger = comes_in()
    assert is_shut(stranger)

    def give(email):
        with acting_as(world.school.lead) as session:
            session.execute(
                text("update parent_contact set email = :email where parent_id = :id"),
                {"email": email, "id": ada},
            )

    for email in ("ada@example.org", EMAIL):
        pass_time()
        give(email)

    assert is_shut(stranger)
    assert is_shut(comes_in())


def test_a_second_person_who_was_there_at_joining_and_is_written_down_again_is_new(
    joined, entered, comes_in, pass_time, acting_as, world
):
    """Whoever joined on a shared address had nothing that was open; what they wrote while it was theirs alone is."""
    ada = entered(email=EMAIL)
    ben = joined()
    pass_time()
    # Nothing of Ben's was open without a key yet.
    assert comes_in().get("/my/answers").location == "/my-account/pin"
    for email in ("ada@example.org", EMAIL):
        pass_time()
        if email == EMAIL:
            assert ben.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"}).status_code == 303
        with acting_as(world.school.lead) as session:
            session.execute(
                text("update parent_contact set email = :email where parent_id = :id"),
                {"email": email, "id": ada},
            )
    pass_time()
    assert is_shut(comes_in())


def test_two_who_join_in_the_same_minute_choose_each_their_own(joined, client_for, invitation_to, clock):
    clock.set(now())
    links = [invitation_to(Role.PARENT, name=f"{name} Couple", email=EMAIL) for name in ("Ben", "Ada")]
    ben, ada = client_for(None), client_for(None)
    for client, link in zip((ben, ada), links, strict=True):
        client.post(f"/link/{link}")
    for client, pin in ((ben, PIN), (ada, "918264")):
        assert client.get("/my/welcome/choices").location == "/my-account/pin"
        assert client.post("/my-account/pin", data={"pin": pin}).status_code == 303
        assert is_in(client)


def test_who_has_not_joined_yet_reads_the_invitation_and_chooses_with_the_answer(
    joined, entered, comes_in, pass_time
):
    """Nothing is there to guard, however often they come and whoever is written down meanwhile."""
    joined()
    pass_time()
    entered(email=EMAIL)
    pass_time()
    ben = comes_in()
    assert "You are invited, Ben" in ben.get("/my/welcome").text
    assert ben.get("/my/welcome/choices").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).location == "/my/welcome/choices"
    assert is_in(ben)


def test_a_link_that_is_opened_in_a_browser_that_was_here_makes_it_nobody_new(
    has_joined, entered, comes_in, pass_time
):
    ben = has_joined()
    pass_time()
    entered(email=EMAIL)
    pass_time()
    comes_in(client=ben)
    assert ben.get("/my").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(ben)


def test_four_words_show_who_it_is_and_then_a_pin_is_chosen(has_joined, entered, comes_in, pass_time):
    ben = has_joined()
    words = find_in(r'translate="no">([^<]+)<', ben.post("/my-account/words").text)[1]
    pass_time()
    entered(email=EMAIL)
    pass_time()
    client = comes_in()
    assert is_shut(client)
    assert client.post("/confirm/words", data={"pin": words}).status_code == 303
    assert client.get("/my").location == "/my-account/pin"
    assert client.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(client)


@pytest.fixture
def digits(app, row):
    def of(kind):
        found = row(
            "select id from outbox where kind = :kind order by created_at desc, id desc limit 1", kind=kind
        )
        return confirm_code(app.config["SECRET_KEY"], found[0].id)

    return of


def _move(client, digits, address):
    client.post("/my-account/way-in", data={"address": address})
    assert client.post("/my-account/way-in/code", data={"code": digits("way_in_code")}).status_code == 303


def _prove(client, digits, channel):
    client.post("/confirm/send", data={"channel": channel})
    assert client.post("/confirm", data={"code": digits("confirm_code")}).status_code == 303


def test_six_digits_at_an_address_of_their_own_show_who_it_is(
    has_joined, entered, comes_in, pass_time, digits
):
    ben = has_joined()
    pass_time()
    _prove(ben, digits, "email")
    _move(ben, digits, "07700 900931")
    pass_time(timedelta(days=2))
    entered(email=EMAIL)
    pass_time()
    client = comes_in()
    assert is_shut(client)
    assert client.post("/confirm/send", data={"channel": "email"}).status_code == 404
    _prove(client, digits, "sms")
    assert client.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(client)


def test_a_proof_at_an_address_before_somebody_shares_it_is_none_after(
    has_joined, entered, comes_in, pass_time, digits
):
    ben = has_joined()
    pass_time()
    early = comes_in()
    _prove(early, digits, "email")
    pass_time()
    entered(email=EMAIL)
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert early.get("/my").location == "/pin"


def test_whoever_moves_to_an_address_that_another_has_chooses_where_they_moved(
    has_joined, entered, comes_in, pass_time, digits
):
    entered(phone=PHONE)
    ben = has_joined()
    pass_time()
    _prove(ben, digits, "email")
    _move(ben, digits, "07700 900931")
    pass_time()
    assert is_shut(comes_in(PHONE))
    assert ben.get("/my").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303


def test_somebody_who_moves_to_the_address_of_another_is_a_second_person(
    has_joined, comes_in, pass_time, digits, client_for, invitation_to, told
):
    ada = client_for(None)
    ada.post(f"/link/{invitation_to(Role.PARENT, name='Ada Couple', email='ada@example.org')}")
    has_joined(phone=PHONE)
    pass_time()
    _prove(ada, digits, "email")
    _move(ada, digits, "07700 900931")
    assert [one.channel for one in told(PHONE) if one.name == "Ben"] == ["sms"]
    pass_time()
    assert is_shut(comes_in(PHONE))


def test_a_facilitator_s_pages_are_shut_the_same(
    client_for, links_asked_by, entered, invitation_to, pass_time
):
    first = client_for(None)
    first.post(f"/link/{invitation_to(Role.FACILITATOR, name='Ben Leads', email=EMAIL)}")
    pass_time()
    entered(email=EMAIL)
    pass_time()
    stranger = client_for(None)
    stranger.post(f"/link/{links_asked_by(stranger, EMAIL)[0]}")
    assert stranger.get("/my-account").location == "/pin"
    assert stranger.post("/my-account/pin", data={"pin": "518273"}).location == "/confirm"
    assert first.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(first)


# ---- who is told


def test_the_first_is_told_at_once_without_a_name_and_once_a_day(has_joined, entered, pass_time, told):
    has_joined()
    assert not told(EMAIL)
    entered(email=EMAIL)
    entered(email=EMAIL)
    assert [tuple(one) for one in told(EMAIL)] == [("email", "Ben", True)]

    pass_time(timedelta(days=1, minutes=1))
    entered(email=EMAIL)
    assert len(told(EMAIL)) == 2


def test_what_they_are_told_is_true_when_it_is_read(has_joined, entered, told, acting_as, world):
    ben = has_joined()
    ada = entered(email=EMAIL)
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update parent_contact set email = 'ada@example.org' where parent_id = :id"), {"id": ada}
        )
    assert [one.is_open for one in told(EMAIL)] == [False]
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update parent_contact set email = :email where parent_id = :id"),
            {"email": EMAIL, "id": ada},
        )
    assert [one.is_open for one in told(EMAIL)] == [True]

    ben.post("/my-account/pin", data={"pin": PIN})
    assert [one.is_open for one in told(EMAIL)] == [False]


def test_nobody_is_told_before_they_came_in_nor_with_a_key_nor_of_themselves(
    has_joined, entered, told, row, acting_as, world
):
    entered(phone=PHONE)
    entered(phone=PHONE)
    assert not row("select 1 from outbox where kind = 'address_shared'")

    ben = has_joined()
    ben.post("/my-account/pin", data={"pin": PIN})
    entered(email=EMAIL)
    assert not told(EMAIL)

    # Who leads is the parent that they were before.
    parent = world.school.parent
    with acting_as(world.school.lead) as session:
        session.execute(
            text(
                "insert into facilitator (school_id, id, parent_id, name, email, phone, stage_changed_at, created_at)"
                " select school_id, :id, parent_id, 'Grace', email, phone, app.now(), app.now() from parent_contact"
                " where parent_id = :parent"
            ),
            {"id": new_id(), "parent": parent.person_id},
        )
    assert not told(parent.email)


def test_another_school_s_staff_learn_nothing_of_it(has_joined, entered, world, acting_as):
    has_joined()
    entered(by=world.other_school.lead, email=EMAIL)
    with acting_as(world.other_school.lead) as session:
        assert not session.execute(text("select 1 from outbox where kind = 'address_shared'")).all()
