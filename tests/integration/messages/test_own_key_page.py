"""A council's administrator enters a key of its own service: checked before it is used, never shown, taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.identity.secrets import unseal
from app.messages.callbacks import digest_of
from infra.notify import ApiKey, Unknown
from tests.support.borrowed import as_login

from .conftest import API_KEY, COUNCIL_KEY, OTHER_KEY, TEAM_KEY, TRIAL_KEY

PAGE = "/authority/settings/notify"
EMAIL, SMS = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def council(client_for, world, app, running_mailbox, monkeypatch):
    settings = app.extensions["settings"].model_copy(update={"notify_base_url": running_mailbox.url})
    monkeypatch.setitem(app.extensions, "settings", settings)
    return client_for(world.authority.admin)


@pytest.fixture
def rows(connection):
    def of():
        with as_login(connection, "wb_owner"):
            found = connection.execute(text("select * from notify_key order by set_at, id"))
            return found.mappings().all()

    return of


@pytest.fixture
def enter(council):
    def send(key=COUNCIL_KEY, email=EMAIL, sms=SMS, **more):
        values = {"api_key": key, "email_template_id": email, "sms_template_id": sms, **more}
        return council.post(PAGE, data=values, follow_redirects=True)

    return send


def _mark(page):
    return re.findall(r'name="as_shown" value="([^"]+)"', page)[0]


def test_a_key_is_used_sealed_and_shown_by_its_last_letters_alone(enter, rows, app, world, connection):
    page = enter(f" {COUNCIL_KEY}\n").text

    assert "Notify takes this key" in page
    assert f"ends in {COUNCIL_KEY[-4:]}" in page
    assert COUNCIL_KEY[-36:] not in page
    (row,) = rows()
    assert row["by_name"] == world.authority.admin.name
    assert COUNCIL_KEY[-36:] not in str(dict(row))
    assert unseal(app.config["SECRET_KEY"], row["sealed"]) == COUNCIL_KEY
    with as_login(connection, "wb_owner"):
        trail = connection.execute(
            text("select details::text from authority_audit_event where event = 'messages:notify_key:set'")
        ).scalars()
        assert [COUNCIL_KEY[-36:] in one for one in trail] == [False]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"key": "nonsense"}, "not a whole key"),
        ({"key": f"a-{COUNCIL_KEY[-73:-2]}"}, "not a whole key"),
        ({"key": "council-" + COUNCIL_KEY[-73:-4] + "ffff"}, "Notify does not take this key"),
        ({"key": TEAM_KEY}, "your own team alone"),
        ({"key": TRIAL_KEY}, "trial mode"),
        ({"key": API_KEY}, "belongs to We Belong itself"),
        ({"email": "nonsense"}, "no template id"),
        ({"email": SMS}, "no such email template"),
        ({"sms": "00000000-0000-4000-8000-0000000000ff"}, "no such text template"),
    ],
)
def test_what_cannot_carry_our_messages_is_said_and_what_was_typed_stays(enter, rows, typed, said):
    page = enter(**typed).text

    assert said in page
    assert typed.get("email", EMAIL) in page
    assert typed.get("sms", SMS) in page
    for key in (typed.get("key", COUNCIL_KEY), COUNCIL_KEY):
        assert key[-36:] not in page
    assert rows() == []


def test_nothing_is_saved_where_notify_does_not_answer(enter, rows, monkeypatch):
    def unanswered(*_arguments):
        raise Unknown

    monkeypatch.setattr("infra.notify._answer", unanswered)

    assert "Notify did not answer" in enter().text
    assert rows() == []


def test_another_key_takes_its_place_and_the_one_before_is_kept_to_ask_with(enter, council, rows):
    enter()
    shown = _mark(council.get(PAGE).text)
    enter(OTHER_KEY, as_shown=shown)

    before, after = rows()
    assert (before["ended_at"], after["ended_at"]) == (after["set_at"], None)
    assert before["sealed"]


def test_what_a_colleague_did_meanwhile_is_not_undone(enter, council, rows):
    shown = _mark(council.get(PAGE).text)
    enter()

    page = enter(OTHER_KEY, as_shown=shown).text
    assert "Something changed here" in page
    assert [ApiKey.parse(COUNCIL_KEY).service_id] == [row["service_id"] for row in rows()]


def test_it_is_taken_back_at_a_press_and_a_second_press_says_so(enter, council, rows):
    enter()
    page = council.post(f"{PAGE}/take-back", follow_redirects=True).text

    assert "Your key is taken out" in page
    assert rows()[0]["ended_at"] is not None
    assert (
        "go by the service’s own key already" in council.post(f"{PAGE}/take-back", follow_redirects=True).text
    )


def test_a_refused_key_stands_on_the_councils_home(enter, council, connection):
    enter()
    assert "refuses your key" not in council.get("/authority").text
    with as_login(connection, "wb_owner"):
        connection.execute(text("update notify_key set refused_since = now()"))

    assert "GOV.UK Notify refuses your key" in council.get("/authority").text
    assert "Notify has refused this key since" in council.get(PAGE).text


def test_nobody_else_opens_it(client_for, world):
    for person in (world.authority.officer, world.school.lead, world.school.parent):
        assert client_for(person).get(PAGE).status_code in (302, 303, 403, 404)


def test_another_council_sees_nothing_of_it(enter, client_for, world):
    enter()
    page = client_for(world.other_authority.admin).get(PAGE).text

    assert "by the service’s own key now" in page
    assert COUNCIL_KEY[-4:] not in page.replace(EMAIL, "").replace(SMS, "") or "ends in" not in page


def test_a_token_for_callbacks_is_made_shown_and_kept_as_a_hash(enter, council, connection):
    enter()
    shown = _mark(council.get(PAGE).text)
    assert "Make a token" in council.get(PAGE).text
    council.post(f"{PAGE}/token")
    page = council.get(PAGE).text
    token = re.findall(r"[0-9a-f]{64}", page)[0]
    with as_login(connection, "wb_owner"):
        (row,) = connection.execute(text("select * from notify_callback")).mappings().all()
    assert row["token_hash"] == digest_of(token)
    assert token not in str(dict(row))
    assert "/notify/delivery" in page

    council.post(f"{PAGE}/token")
    assert token not in council.get(PAGE).text
    again = council.post(f"{PAGE}/token", data={"as_shown": shown}, follow_redirects=True)
    assert "Something changed here" in again.text


def test_tokens_made_one_after_another_leave_the_one_that_stands_at_notify(enter, council, connection):
    """What Notify bears goes on being taken, however often somebody presses before entering the new one there."""
    enter()
    council.post(f"{PAGE}/token")
    with as_login(connection, "wb_owner"):
        at_notify = connection.execute(
            text("update notify_callback set heard_at = now(), before_hash = null returning token_hash")
        ).scalar_one()
    assert re.search(r"[0-9a-f]{64}", council.get(PAGE).text) is None, (
        "what stands at Notify is shown to nobody"
    )
    council.post(f"{PAGE}/token")
    council.post(f"{PAGE}/token")
    with as_login(connection, "wb_owner"):
        row = connection.execute(text("select token_hash, before_hash, heard_at from notify_callback")).one()

    assert (row.before_hash, row.heard_at) == (at_notify, None)
    assert row.token_hash != at_notify
