"""Passkeys of people at work, with real signatures: who may add one, what it opens, and every way it must not."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import passkeys
from app.accounts.passkeys import RelyingParty, relying_party
from app.accounts.services import reset_second_factor
from app.identity.roles import Role
from tests.integration.accounts.test_staff_sign_in import is_in
from tests.support.authenticator import Authenticator
from tests.support.client import PageClient, sign_in
from tests.support.reading import find_in, value_of

ORIGIN = "https://webelong.example"
REFUSED = "This passkey did not work"


@pytest.fixture(autouse=True)
def at_a_real_name(app, monkeypatch):
    """Browsers make passkeys for names, not for numbers."""
    monkeypatch.setattr(app.extensions["settings"], "base_url", ORIGIN)


def options(client, address: str) -> dict:
    answer = client.post(address)
    assert answer.status_code == 200, answer.status_code
    return json.loads(answer.text)


def add(client, device: Authenticator, name: str = "Work laptop", **wrong):
    asked = options(client, "/my-account/passkeys/options")
    return client.post(
        "/my-account/passkeys/add", data={"name": name, "answer": device.create(asked, **wrong)}
    )


def challenge(client) -> dict:
    client.get("/sign-in")
    return options(client, "/sign-in/passkey/options")


def come_in(client, device: Authenticator, **wrong):
    return client.post("/sign-in/passkey", data={"answer": device.get(challenge(client), **wrong)})


@pytest.fixture
def device(client_for, world) -> Authenticator:
    """The safeguarding lead's phone, with a passkey in it."""
    found = Authenticator(ORIGIN)
    assert add(client_for(world.school.dsl), found).status_code == 303
    return found


def assert_refused(client, answer) -> None:
    assert answer.status_code == 303
    assert answer.location.endswith("/sign-in")
    assert REFUSED in client.get("/sign-in").text
    assert not is_in(client)


def test_a_passkey_is_added_listed_and_opens_everything(client_for, world):
    here, device = client_for(world.school.dsl), Authenticator(ORIGIN)

    assert add(here, device, "My phone").status_code == 303
    page = here.get("/my-account").text
    assert "My phone" in page
    assert "Not used yet" in page
    there = client_for(None)
    assert come_in(there, device).location == "/school"

    assert there.get("/school/concerns").status_code == 200  # both factors, just now
    assert "Last used" in there.get("/my-account").text


def test_the_browser_is_asked_for_a_key_that_it_keeps_and_unlocks(client_for, world):
    asked = options(client_for(world.school.dsl), "/my-account/passkeys/options")

    assert asked["rp"]["id"] == "webelong.example"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"


def test_signing_in_names_no_passkey(client_for, device):
    asked = challenge(client_for(None))

    assert asked.get("allowCredentials", []) == []
    assert asked["userVerification"] == "required"


def test_adding_and_removing_ask_again_who_sits_here(app, device, world):
    client = PageClient(app)
    sign_in(client, world.school.dsl, confirmed=timedelta(minutes=31))

    assert client.get("/my-account/passkeys/add").location == "/confirm"
    address = find_in(r'action="(/my-account/passkeys/[^"]+/remove)"', client.get("/my-account").text).group(
        1
    )
    assert client.post(address).location == "/confirm"
    assert "Work laptop" in client.get("/my-account").text


@pytest.mark.parametrize("origin", ["https://evil.example", "http://webelong.example", ORIGIN + ":8443"])
def test_an_answer_from_another_origin_is_refused(client_for, device, origin):
    client, device.origin = client_for(None), origin

    assert_refused(client, come_in(client, device))


def test_an_answer_for_another_name_is_refused(client_for, device):
    client = client_for(None)

    assert_refused(client, come_in(client, device, rp_id="evil.example"))


def test_a_key_made_elsewhere_or_unverified_is_not_added(client_for, world):
    client = client_for(world.school.dsl)

    for wrong in (
        lambda: add(client, Authenticator("https://evil.example")),
        lambda: add(client, Authenticator(ORIGIN), rp_id="evil.example"),
        lambda: add(client, Authenticator(ORIGIN, verifies=False)),
    ):
        answer = wrong()
        assert answer.status_code == 200
        assert "was not added" in answer.text
    assert "Work laptop" not in client.get("/my-account").text


def test_a_challenge_answers_once(client_for, device, world):
    first, client = client_for(None), client_for(None)
    answer = device.get(challenge(client))
    assert client.post("/sign-in/passkey", data={"answer": answer}).location == "/school"
    client.post("/sign-out")
    client.get("/sign-in")

    assert_refused(client, client.post("/sign-in/passkey", data={"answer": answer}))
    first.get("/sign-in")
    assert_refused(first, first.post("/sign-in/passkey", data={"answer": answer}))


def test_a_wrong_answer_uses_the_challenge_up(client_for, device):
    client = client_for(None)
    asked = challenge(client)
    client.post("/sign-in/passkey", data={"answer": "{}"})

    assert_refused(client, client.post("/sign-in/passkey", data={"answer": device.get(asked)}))


def test_a_challenge_is_for_one_browser_one_purpose_and_five_minutes(client_for, device, world, monkeypatch):
    client, other = client_for(None), client_for(None)
    asked = challenge(other)
    challenge(client)
    assert_refused(client, client.post("/sign-in/passkey", data={"answer": device.get(asked)}))

    inside = client_for(world.school.dsl)
    asked = options(inside, "/sign-in/passkey/options")
    inside.post("/confirm/passkey", data={"answer": device.get(asked)})
    assert "did not work" in inside.get("/confirm").text

    monkeypatch.setattr(passkeys, "CHALLENGE_LIFE", timedelta(hours=-1))
    late = client_for(None)
    assert_refused(late, come_in(late, device))


def test_without_a_finger_or_pin_it_is_refused(client_for, device):
    client, device.verifies = client_for(None), False

    assert_refused(client, come_in(client, device))


def test_a_counter_that_goes_back_is_refused(client_for, device):
    assert come_in(client_for(None), device).location == "/school"
    client, device.key.count = client_for(None), 0

    assert_refused(client, come_in(client, device))
    device.key.count = 7
    assert come_in(client_for(None), device).location == "/school"


def test_a_key_that_counts_nothing_works_again_and_again(client_for, world):
    device = Authenticator(ORIGIN, counts=False)
    add(client_for(world.school.dsl), device)

    for _ in range(2):
        assert come_in(client_for(None), device).location == "/school"


def test_somebody_elses_passkey_does_not_confirm(app, client_for, device, world):
    client = PageClient(app)
    sign_in(client, world.school.lead, confirmed=False)

    asked = options(client, "/confirm/passkey/options")
    client.post("/confirm/passkey", data={"answer": device.get(asked)})

    assert client.get("/my-account/passkeys/add").location == "/confirm"


def test_ones_own_passkey_confirms(app, device, world):
    client = PageClient(app)
    sign_in(client, world.school.dsl, confirmed=False)
    client.get("/school/concerns")
    assert "Use my passkey" in client.get("/confirm").text

    asked = options(client, "/confirm/passkey/options")
    back = client.post("/confirm/passkey", data={"answer": device.get(asked)})

    assert back.location == "/school/concerns"
    assert client.get("/school/concerns").status_code == 200


@pytest.fixture
def on_a_shared_mailbox(client_for, invitation_to, links_asked_by, device, world):
    """The safeguarding lead is a parent here too; somebody else comes in by the same mailbox. Neither has a PIN."""
    email = world.school.dsl.email
    mine = invitation_to(Role.PARENT, email=email, name="Dee Reader")
    assert client_for(world.school.dsl).post(f"/link/{mine}", data={"join": "yes"}).status_code == 303
    theirs = invitation_to(Role.PARENT, email=email, name="Max Other")
    assert client_for(None).post(f"/link/{theirs}").status_code == 303

    def come_in_as(first_name):
        client = client_for(None)
        for link in links_asked_by(client, email):
            if f"Are you {first_name}?" in client.get(f"/link/{link}").text:
                client.post(f"/link/{link}")
                return client
        raise AssertionError(first_name)

    return come_in_as


def test_a_passkey_counts_in_place_of_the_pin(on_a_shared_mailbox, device):
    client = on_a_shared_mailbox("Dee")
    assert client.get("/my").location.endswith("/pin")
    assert "Use my passkey" in client.get("/pin").text

    asked = options(client, "/confirm/passkey/options")
    assert client.post("/confirm/passkey", data={"answer": device.get(asked)}).location.endswith("/my")

    assert client.get("/my-account").status_code == 200


def test_a_passkey_of_one_opens_nothing_of_the_other_at_the_mailbox(on_a_shared_mailbox, device):
    client = on_a_shared_mailbox("Max")
    assert "Use my passkey" not in client.get("/pin").text

    asked = options(client, "/confirm/passkey/options")
    back = client.post("/confirm/passkey", data={"answer": device.get(asked)})

    assert back.location.endswith("/pin")
    assert client.get("/my-account").location.endswith("/pin")


def test_a_passkey_that_says_it_is_somebody_elses_is_refused(client_for, device, world):
    client, device.key.user_handle = client_for(None), world.school.lead.account_id.bytes

    assert_refused(client, come_in(client, device))


def test_a_passkey_that_nobody_has_gets_the_same_answer(client_for, device):
    known, unknown = client_for(None), client_for(None)
    stranger = Authenticator(ORIGIN)
    stranger.key = type(device.key)("webelong.example", b"x" * 16)
    device.origin = "https://evil.example"

    one, other = come_in(known, device), come_in(unknown, stranger)

    assert (one.status_code, one.location, one.text) == (other.status_code, other.location, other.text)
    assert_refused(unknown, other)


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"id": 1}', '{"rawId": "' + "A" * 20_000 + '"}'])
def test_nonsense_is_refused_in_words(client_for, answer):
    client = client_for(None)
    challenge(client)

    assert_refused(client, client.post("/sign-in/passkey", data={"answer": answer}))


def test_a_removed_passkey_opens_nothing_and_signs_out_elsewhere(client_for, colleague_of, device, world):
    colleague_of(world.school.dsl)
    here, there = client_for(world.school.dsl), client_for(None)
    come_in(there, device)
    address = find_in(r'action="(/my-account/passkeys/[^"]+/remove)"', here.get("/my-account").text).group(1)

    # somebody else's is answered as one that is gone, and stands
    assert client_for(world.school.lead).post(address).status_code == 303
    assert "Work laptop" in here.get("/my-account").text
    assert here.post(address).status_code == 303

    assert "Work laptop" not in here.get("/my-account").text
    assert not is_in(there)
    client = client_for(None)
    assert_refused(client, come_in(client, device))


@pytest.fixture(scope="module", autouse=True)
def without_password(stack, world):
    """The safeguarding lead has none, as somebody who came from a directory."""
    key = {"id": world.school.dsl.account_id}
    with psycopg.connect(stack.superuser_url, autocommit=True) as owner:
        kept = value_of(owner, "select password_hash from identity.account where id = %(id)s", key)
        owner.execute("update identity.account set password_hash = null where id = %(id)s", key)
        yield
        owner.execute(
            "update identity.account set password_hash = %(kept)s where id = %(id)s", key | {"kept": kept}
        )


def test_the_only_way_in_stays(client_for, device, world):
    here = client_for(world.school.dsl)
    address = find_in(r'action="(/my-account/passkeys/[^"]+/remove)"', here.get("/my-account").text).group(1)

    here.post(address)
    assert "your only way in" in here.get("/my-account").text
    assert come_in(client_for(None), device).location == "/school"


def test_one_colleague_alone_resets_nobody_who_sees_more(acting_as, client_for, device, world):
    with pytest.raises(IntegrityError, match="second person agrees"), acting_as(world.school.lead) as session:
        reset_second_factor(session, world.school.dsl.person_id)

    assert come_in(client_for(None), device).location == "/school"


def test_where_there_can_be_none_there_is_no_button(app, client_for, monkeypatch, world):
    assert "data-passkey" in client_for(None).get("/sign-in").text
    monkeypatch.setattr(app.extensions["settings"], "base_url", "http://127.0.0.1:8000")

    assert "data-passkey" not in client_for(None).get("/sign-in").text
    assert "passkey" not in client_for(world.school.dsl).get("/my-account").text
    assert client_for(world.school.dsl).get("/my-account/passkeys/add").status_code == 404
    assert client_for(None).post("/sign-in/passkey/options").status_code == 400


@pytest.mark.parametrize(
    ("base_url", "party"),
    [
        ("https://webelong.example", RelyingParty("webelong.example", "https://webelong.example")),
        ("https://webelong.example:443/", RelyingParty("webelong.example", "https://webelong.example")),
        ("https://webelong.example:8443", RelyingParty("webelong.example", "https://webelong.example:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://webelong.example", None),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]", None),
        ("https://192.0.2.1", None),
    ],
)
def test_who_asks_comes_from_the_setting_alone(base_url, party):
    assert relying_party(base_url) == party
