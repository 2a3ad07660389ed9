"""Before concerns, lists that leave the service and everything we hold of somebody, the service asks again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import confirming, throttle
from app.identity.gate import ask_signing_in
from app.identity.websession import hash_secret
from app.messages.links import confirm_code
from infra.clock import now
from tenants.session import ASSUME
from tests.integration.accounts.conftest import accept_offer
from tests.integration.accounts.test_staff_sign_in import type_password
from tests.integration.documents.test_standing import made  # noqa: F401
from tests.integration.test_state_words import put  # noqa: F401
from tests.support.client import PageClient, sign_in
from tests.support.reading import cookie_of, find_in

LATE = confirming.TO_LOOK + timedelta(minutes=1)
TOO_LATE = confirming.TO_SEND + timedelta(minutes=1)


@pytest.fixture
def browser_of(app):
    """A browser of that person whose last proof was so long ago (False: there was none)."""

    def make(person, confirmed=False) -> PageClient:
        client = PageClient(app)
        sign_in(client, person, confirmed=confirmed)
        return client

    return make


@pytest.fixture
def code_sent(app, connection, world):
    """The digits of the newest message with a code."""

    def read() -> str | None:
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        rows = connection.execute(
            text("select id from outbox where kind = 'confirm_code' order by created_at desc, next_at desc")
        ).scalars()
        ids = list(rows)
        return confirm_code(app.config["SECRET_KEY"], ids[0]) if ids else None

    return read


def test_the_safeguarding_lead_is_asked_and_comes_back_to_what_they_wanted(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl)

    asked = client.get("/school/concerns?show=closed&page=1")
    assert asked.status_code == 303
    assert asked.location == "/confirm"
    page = client.get("/confirm")
    assert "Confirm it is you" in page.text
    assert world.school.concern_canary not in page.text
    back = client.post("/confirm", data={"code": colleague.app_code()})

    assert back.status_code == 303
    assert back.location.startswith("/school/concerns?")
    assert "show=closed" in back.location
    assert client.get(back.location).status_code == 200


def test_a_proof_before_a_file_leads_to_a_page_of_ours_that_offers_it(
    browser_of,
    colleague_of,
    world,
    made,  # noqa: F811
):
    """Browsers hold what follows a form to our own addresses: a proof that led on to the storage did nothing at all."""
    sheet = made("group_plan", cohort=world.school.ids["cohort_id"], parent=world.school.parent.person_id)
    colleague, client = colleague_of(world.school.lead), browser_of(world.school.lead, LATE)

    assert client.get(f"/documents/{sheet}").location == "/confirm"
    policy = client.get("/confirm").headers["Content-Security-Policy"]
    back = client.post("/confirm", data={"code": colleague.app_code()})

    assert "form-action 'self'" in policy
    assert back.location == f"/documents/{sheet}/waiting"
    page = client.get(back.location)
    assert page.status_code == 200
    assert "It is here" in page.text
    assert f'href="/documents/{sheet}"' in page.text
    assert f'href="/school/parents/{world.school.parent.person_id}"' in page.text
    assert "X-Amz-Expires=60" in client.get(f"/documents/{sheet}").location


def test_a_code_of_the_app_confirms_once(browser_of, colleague_of, world):
    colleague = colleague_of(world.school.dsl)
    first, second, code = browser_of(world.school.dsl), browser_of(world.school.dsl), colleague.app_code()

    assert first.post("/confirm", data={"code": code}).status_code == 303
    again = second.post("/confirm", data={"code": code})

    assert "used before" in again.text
    assert second.get("/school/concerns").location == "/confirm"


def test_a_recovery_code_confirms_once(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl)

    assert client.post("/confirm/recovery-code", data={"code": colleague.codes[0]}).status_code == 303
    assert client.get("/school/concerns").status_code == 200
    other = browser_of(world.school.dsl)
    assert other.post("/confirm/recovery-code", data={"code": colleague.codes[0]}).status_code == 200


def test_guessing_codes_stops(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl)
    for _ in range(throttle.CODE.times):
        client.post("/confirm", data={"code": "000000"})

    assert client.post("/confirm", data={"code": colleague.app_code()}).status_code == 429
    assert client.get("/school/concerns").location == "/confirm"


def test_a_proof_lasts_ten_minutes_for_looking_and_thirty_for_sending(browser_of, world):
    concern = world.school.ids["concern_id"]
    assert browser_of(world.school.dsl, timedelta(minutes=9)).get("/school/concerns").status_code == 200
    late = browser_of(world.school.dsl, LATE)

    assert late.get("/school/concerns").location == "/confirm"
    sent = late.post(f"/school/concerns/{concern}/read")
    assert sent.location.endswith(f"/school/concerns/{concern}")


def test_a_form_that_comes_too_late_is_kept_and_offered_again(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl, TOO_LATE)
    address = f"/school/concerns/{world.school.ids['concern_id']}/actions"
    typed = {"action": "Rang the office <b>twice</b>\r\nand wrote", "decision": "", "reason": "It is urgent"}

    assert client.post(address, data=typed).location == "/confirm"
    assert "not lost, and not sent yet" in client.get("/confirm").text
    kept = client.post("/confirm", data={"code": colleague.app_code()})
    page = client.get(kept.location).text
    assert "It is not sent yet" in page

    assert kept.location == "/confirm/kept"
    assert f'action="{address}"' in page
    assert "Rang the office &lt;b&gt;twice&lt;/b&gt;" in page
    read = client.get(address.removesuffix("/actions")).text
    assert "It is urgent" not in read  # nothing was done before


def test_a_kept_form_can_be_sent_or_dropped(browser_of, world):
    concern = world.school.ids["concern_id"]
    for end in (f"/school/concerns/{concern}/read", "/confirm/kept/drop"):
        client = browser_of(world.school.dsl, TOO_LATE)
        client.post(f"/school/concerns/{concern}/read")
        with client.application.test_request_context():
            cookie = cookie_of(client)
            ask_signing_in(confirming.CONFIRM, hash=hash_secret(cookie), at=now())
        page = client.get("/confirm/kept").text
        assert "Nothing was done yet" in page
        token = find_in(r'name="csrf_token" value="([^"]+)"', page).group(1)

        assert client.post(end, data={"csrf_token": token}).status_code == 303
        assert client.get("/confirm/kept").status_code == 303


def test_a_kept_form_outlives_a_look_elsewhere_and_another_button(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl, TOO_LATE)
    concern = world.school.ids["concern_id"]
    client.post(f"/school/concerns/{concern}/actions", data={"action": "typed with care"})

    client.get(f"/school/concerns/{concern}")
    client.post("/confirm", data={"code": colleague.app_code()})
    client.post(f"/school/concerns/{concern}/read")

    assert "typed with care" in client.get("/confirm/kept").text


def test_nothing_of_a_kept_form_rests_in_the_open(browser_of, world, connection):
    client = browser_of(world.school.dsl, TOO_LATE)
    client.post(
        f"/school/concerns/{world.school.ids['concern_id']}/actions", data={"action": "a very private word"}
    )

    with client.application.test_request_context():
        from app.identity.gate import ask
        from app.identity.websession import OPEN, hash_secret

        data = ask(OPEN, hash=hash_secret(client.get_cookie("webelong").value))[0].data
    assert "private" not in str(data)


def test_raising_a_concern_is_never_asked_for_more(browser_of, world):
    for person in (world.school.parent, world.school.facilitator, world.school.lead, world.school.dsl):
        client = browser_of(person)
        assert client.get("/concerns").status_code == 200
        assert client.get("/concerns/new").status_code == 200


def test_somebody_who_signs_in_with_both_factors_is_not_asked_again(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), client_for(None)
    type_password(client, colleague.person)
    client.post("/sign-in/code", data={"code": colleague.app_code()})

    assert client.get("/school/concerns").status_code == 200


def test_digits_are_proof_and_a_link_is_not(client_for, link_asked_by, code_sent, world):
    client = client_for(None)
    token = link_asked_by(client, world.school.parent.email)
    client.post(f"/link/{token}")
    assert client.get("/my/data").location == "/confirm"
    assert "Where shall we send it?" in client.get("/confirm").text
    assert world.school.parent.email not in client.get("/confirm").text
    assert code_sent() is None

    client.post("/confirm/send", data={"channel": "email"})
    assert "They work for 10 minutes" in client.get("/confirm").text
    back = client.post("/confirm", data={"code": code_sent()})

    assert back.location == "/my/data"
    assert "What we hold about me" in client.get("/my/data").text


def test_digits_open_one_browser_once(browser_of, code_sent, world):
    asked, other = browser_of(world.school.parent), browser_of(world.school.parent)
    asked.post("/confirm/send", data={"channel": "email"})
    code = code_sent()

    assert "not right" in other.post("/confirm", data={"code": code}).text
    assert asked.post("/confirm", data={"code": code}).status_code == 303
    assert "not right" in asked.post("/confirm", data={"code": code}).text


def test_a_newer_code_ends_the_one_before(browser_of, code_sent, world):
    client = browser_of(world.school.parent)
    client.post("/confirm/send", data={"channel": "email"})
    old = code_sent()
    client.post("/confirm/send", data={"channel": "email"})

    assert "not right" in client.post("/confirm", data={"code": old}).text


def test_digits_have_five_tries(browser_of, code_sent, world):
    client = browser_of(world.school.parent)
    client.post("/confirm/send", data={"channel": "email"})
    for _ in range(throttle.CONFIRM_CODE.browser.times):
        client.post("/confirm", data={"code": "000000" if code_sent() != "000000" else "111111"})

    assert client.post("/confirm", data={"code": code_sent()}).status_code == 429
    assert client.get("/my/data").location == "/confirm"


def test_digits_run_out(browser_of, code_sent, world, monkeypatch):
    monkeypatch.setattr(confirming, "CODE_LIFE", timedelta(hours=-1))
    client = browser_of(world.school.parent)
    client.post("/confirm/send", data={"channel": "email"})

    assert "not right" in client.post("/confirm", data={"code": code_sent()}).text


def test_codes_go_only_to_ones_own_addresses_and_not_to_people_at_work(browser_of, code_sent, world):
    assert browser_of(world.school.parent).post("/confirm/send", data={"channel": "post"}).status_code == 404
    assert browser_of(world.school.dsl).post("/confirm/send", data={"channel": "email"}).status_code == 403
    assert code_sent() is None


def test_sending_codes_stops(browser_of, world):
    client = browser_of(world.school.parent)
    for _ in range(throttle.CONFIRM_SEND.times + 1):
        client.post("/confirm/send", data={"channel": "email"})

    assert "We have sent you several codes" in client.get("/confirm").text


def test_a_link_with_the_digits_of_a_code_opens_nothing(browser_of, client_for, connection, world, app):
    from app.messages.services import link_token

    browser_of(world.school.parent).post("/confirm/send", data={"channel": "email"})
    connection.execute(ASSUME, world.school.lead.scope.as_parameters())
    row = connection.execute(text("select id from outbox where kind = 'confirm_code'")).scalar_one()

    assert client_for(None).get(f"/link/{link_token(app.config['SECRET_KEY'], row)}").status_code == 404


def test_a_change_of_role_takes_no_proof_along(client_for, offered_to, browser_of, world):
    parent = world.school.parent
    offered_to(parent)
    accept_offer(client_for(parent))
    client = browser_of(parent, True)
    assert client.get("/my/data").status_code == 200
    choices = re.findall(r'name="membership" value="([^"]+)"', client.get("/change-role").text)

    client.post(
        "/change-role", data={"membership": next(c for c in choices if c != str(parent.membership_id))}
    )

    assert client.get("/my/data").location == "/confirm"


def test_the_page_to_come_back_to_is_never_taken_from_an_address(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl)

    client.get("/school/concerns?next=https://evil.example&_external=1&_scheme=https&_anchor=x")
    back = client.post("/confirm?next=https://evil.example", data={"code": colleague.app_code()})

    assert back.location.startswith("/school/concerns")


def test_without_a_page_to_come_back_to_home_it_is(browser_of, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), browser_of(world.school.dsl)

    assert client.post("/confirm", data={"code": colleague.app_code()}).location == "/school"


def test_in_production_no_press_of_a_button_is_a_proof(browser_of, world):
    client = browser_of(world.school.dsl)

    client.post("/confirm", data={"way": "demo"})

    assert client.get("/school/concerns").location == "/confirm"


def test_a_password_without_the_second_factor_reaches_no_data(app, client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.dsl), client_for(None)
    type_password(client, colleague.person)

    for endpoint, roles in app.extensions["access_table"].items():
        if None in roles:
            continue
        for rule in app.url_map.iter_rules(endpoint):
            if "GET" in rule.methods and not rule.arguments:
                assert "/sign-in" in client.get(rule.rule).location, rule.rule
