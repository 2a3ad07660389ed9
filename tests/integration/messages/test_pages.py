"""The pages of messages: what did not arrive, sending again, stopping without signing in, short addresses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from app.extensions import db
from app.messages.catalogue import PAGES
from app.messages.links import StopLink, address_mark, make_stop_token
from app.messages.queries import count_failed, list_failed, list_for_recipient
from app.messages.today import for_school
from app.shell.errors import NotFound
from app.states.messages import Channel
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.session import ScopedSession
from tests.integration.recruitment.test_open_choices import KINDS

AGAIN = "/messages/{}/again"


@pytest.fixture
def staff(client_for, world):
    return client_for(world.school.lead)


def test_staff_see_who_was_not_reached_why_and_what_to_do(staff, world):
    page = staff.get("/messages").get_data(as_text=True)

    assert world.school.family_canary in page
    assert "The number does not work." in page
    assert "Send again" in page
    assert world.sibling_school.family_canary not in page
    assert world.school.parent.phone not in page


def test_sending_again_writes_one_new_message_however_often_pressed(staff, session_for, world):
    old = world.school.ids["outbox_id"]
    for _ in range(2):
        assert staff.post(AGAIN.format(old)).status_code == 303

    session = session_for(world.school.lead)
    rows = session.execute(
        text("select * from outbox where dedupe_key = :key"), {"key": f"again:{old}"}
    ).all()
    assert [(row.kind, row.channel, row.state) for row in rows] == [("session_moved", "sms", "queued")]
    assert rows[0].subject_id == world.school.ids["next_session_id"]


def test_a_message_that_was_sent_again_says_so_and_counts_no_more(staff, world):
    staff.post(AGAIN.format(world.school.ids["outbox_id"]))

    assert "Sent again" in staff.get("/messages").get_data(as_text=True)


def test_a_message_of_another_school_cannot_be_sent_again(staff, world):
    for message_id in (world.sibling_school.ids["outbox_id"], new_id()):
        assert staff.post(AGAIN.format(message_id)).status_code == 404


def test_a_page_after_an_unknown_message_is_not_found(staff):
    assert staff.get("/messages?after=x").status_code == 404
    assert staff.get(f"/messages?after={new_id()}").status_code == 404


def test_when_nothing_was_held_back_the_list_says_so(staff):
    assert "We held nothing back." in staff.get("/messages?show=held-back").get_data(as_text=True)


def test_the_day_of_staff_begins_with_what_did_not_arrive(session_for, world):
    reply, item = for_school(session_for(world.school.lead), world.school.lead)

    assert (reply.title, reply.href) == ("1 reply to a text", "/messages/replies")

    assert (item.title, item.tone) == ("1 message did not arrive", "attention")


@pytest.fixture
def stop_path(app, world):
    parent, key = world.school.parent, app.extensions["settings"].secret("secret_key")

    def make(channel, address=None):
        mark = address_mark(key, address or (parent.email if channel is Channel.EMAIL else parent.phone))
        link = StopLink(world.school.school_id, parent.person_id, channel, mark)
        return "/stop/" + make_stop_token(key, link)

    return make


def _contact(session_for, world):
    return session_for(world.school.lead).execute(
        text("select texts_stopped_at, emails_stopped_at from parent_contact where parent_id = :id"),
        {"id": world.school.parent.person_id},
    ).one()  # fmt: skip


SOMEBODY = pytest.mark.parametrize("signed_in_as", [None, "parent", "other_parent", "lead"])


@pytest.fixture
def browser(client_for, world, signed_in_as):
    return client_for(getattr(world.school, signed_in_as) if signed_in_as else None)


@SOMEBODY
def test_texts_are_stopped_by_the_button_whoever_is_signed_in(browser, stop_path, session_for, world):
    assert "We have stopped the texts" in browser.post(stop_path(Channel.SMS)).get_data(as_text=True)

    contact = _contact(session_for, world)
    assert contact.texts_stopped_at is not None
    assert contact.emails_stopped_at is None


@SOMEBODY
def test_looking_at_the_page_stops_nothing(browser, stop_path, session_for, world):
    assert "Stop the texts" in browser.get(stop_path(Channel.SMS)).get_data(as_text=True)

    assert _contact(session_for, world).texts_stopped_at is None


def test_stopping_withdraws_that_consent_and_is_on_record(client_for, stop_path, session_for, world):
    browser = client_for(None)
    for _ in range(2):
        assert browser.post(stop_path(Channel.EMAIL)).status_code == 200

    session = session_for(world.school.parent)
    values = {"id": world.school.parent.person_id}
    consents = session.execute(
        text("select kind from consent where given and parent_id = :id"), values
    ).scalars()
    assert "email" not in set(consents)
    events = session.execute(
        text("select kind, given from consent_event where parent_id = :id"), values
    ).all()
    assert [tuple(event) for event in events] == [("email", False)]
    trail = session_for(world.school.lead).execute(
        text("select event from audit_event where event = 'messages:email:stopped'")
    )
    assert len(trail.all()) == 1


@pytest.mark.parametrize("channel", list(Channel))
def test_an_old_message_at_an_old_address_stops_nothing_at_the_new_one(
    client_for, stop_path, session_for, world, channel
):
    """An ex-partner reads old mail; the parent's address was changed since."""
    old = stop_path(channel, "old@example.org" if channel is Channel.EMAIL else "+447700900999")
    browser = client_for(None)

    page = browser.post(old)
    assert page.status_code == 200
    assert "There is nothing to stop here" in page.text
    assert browser.post(f"{old}/at-once").status_code == 200

    contact = _contact(session_for, world)
    assert (contact.emails_stopped_at, contact.texts_stopped_at) == (None, None)
    events = session_for(world.school.parent).execute(
        text("select 1 from consent_event where parent_id = :id"), {"id": world.school.parent.person_id}
    )
    assert events.all() == []


def test_a_parents_home_says_that_emails_were_stopped_after_they_had_agreed(
    app, client_for, clock, stop_path, session_for, world
):
    parent = world.school.parent
    said = "We have sent you no emails since"
    session_for(parent).execute(
        text(
            "insert into consent_event (school_id, id, parent_id, kind, given, wording_version, at)"
            " values (:school, :id, :parent, 'email', true, 'x', app.now() - interval '1 day')"
        ),
        {"school": world.school.school_id, "id": new_id(), "parent": parent.person_id},
    )
    db.session.commit()
    assert said not in client_for(parent).get("/my").text
    client_for(None).post(stop_path(Channel.EMAIL))

    page = client_for(parent).get("/my").text
    assert said in page
    assert "We have sent you no texts" not in page
    clock.move(timedelta(days=15))
    assert said not in client_for(parent).get("/my").text


def test_a_stop_link_that_is_opened_again_says_that_it_is_stopped(client_for, stop_path):
    """Given somebody who stopped emails by a link, when they open it again, then it asks nothing and says how it is."""
    browser, link = client_for(None), stop_path(Channel.EMAIL)
    browser.post(link)
    page = browser.get(link).text
    assert "The emails are stopped" in page
    assert f'action="{link}"' not in page
    assert "Stop texts from" in browser.get(stop_path(Channel.SMS)).text
    assert "There is nothing to stop here" in browser.get(stop_path(Channel.EMAIL, "old@example.org")).text


@pytest.mark.parametrize("way", ["by a link", "on the page of choices"])
def test_a_stop_stands_in_what_happened_with_its_day(client_for, clock, stop_path, world, way):
    """Given a parent who stopped emails, when staff open their page, then it says so, and what still goes to them."""
    parent = world.school.parent
    staff, own = client_for(world.school.lead), client_for(parent)
    page = f"/school/parents/{parent.person_id}"
    assert "They stopped our emails" not in staff.get(page).text
    own.post("/my/choices", data=dict.fromkeys(KINDS, "yes"))
    clock.move(timedelta(days=1))
    if way == "by a link":
        client_for(None).post(stop_path(Channel.EMAIL))
    else:
        client_for(parent).post("/my/choices", data=dict.fromkeys(KINDS, "yes") | {"email": "no"})
    told = client_for(world.school.lead).get(page).text
    happened = told[told.index("What happened") :]
    assert happened.count("They stopped our emails") == 1
    assert "go to them again" not in happened
    assert "Texts still go to them." in told
    clock.move(timedelta(days=1))
    client_for(parent).post("/my/choices", data=dict.fromkeys(KINDS, "yes"))
    told = client_for(world.school.lead).get(page).text
    assert ("Emails go to them again" in told) is (way == "by a link")


def test_a_stop_link_that_lost_a_letter_says_so(client_for, stop_path):
    for token in (stop_path(Channel.SMS)[:-3], "/stop/x"):
        assert client_for(None).get(token).status_code == 404
        assert client_for(None).post(token).status_code == 404


@pytest.mark.parametrize("place", sorted(PAGES))
@pytest.mark.parametrize("person", [None, "parent", "facilitator", "lead", "dsl"])
def test_a_short_address_leads_to_a_page_that_is_open_to_whoever_comes(app, client_for, world, place, person):
    somebody = world.school.people[person] if person else None

    answer = client_for(somebody).get(f"/go/{place}")

    assert answer.status_code == 302
    endpoint, _ = app.url_map.bind("localhost").match(answer.location)
    assert (somebody.role if somebody else None) in app.extensions["access_table"][endpoint]


def test_a_message_for_who_leads_asks_who_is_here_as_a_parent_to_change_roles(client_for, world, monkeypatch):
    """Given a parent who leads too, when a text for who leads is opened, then they choose that role; others go on."""
    parent = client_for(world.school.parent)
    assert parent.get("/go/home?f").location == "/my"
    monkeypatch.setattr("app.identity.websession.Identity.has_other_roles", property(lambda _who: True))
    assert parent.get("/go/home?f").location == "/change-role"
    assert parent.get("/go/group?f").location == "/change-role"
    assert parent.get("/go/home?p").location == "/my"
    assert client_for(world.school.facilitator).get("/go/group?p").location == "/change-role"


@pytest.mark.parametrize("place", ["nowhere", "none", "one_time", "presenting"])
def test_an_unknown_place_is_not_found(client_for, place):
    assert client_for(None).get(f"/go/{place}").status_code == 404


@pytest.mark.parametrize("place", sorted(PAGES))
def test_who_has_no_password_gets_a_link_where_others_get_a_form(app, client_for, place):
    answer = client_for(None).get(f"/go/{place}")

    endpoint, _ = app.url_map.bind("localhost").match(answer.location)
    by_link = ("call", "home", "group", "lead", "message", "offer", "themes")
    assert endpoint == ("accounts.new_link" if place in by_link else "accounts.sign_in")


@pytest.fixture
def school_session(place):
    engine = create_engine(sqlalchemy_url(place.stack.url("wb_web")))
    with ScopedSession(engine, scope=place.world.school.lead.scope) as session:
        yield session
    engine.dispose()


def test_a_long_list_has_pages_and_misses_nobody(place, school_session):
    ids = {message_id for _ in range(55) for message_id in place.enqueue()}
    place.sql("update outbox set state = 'failed', problem = 'not_delivered', created_at = now()")

    school_id = place.world.school.school_id
    first = list_failed(school_session, school_id)
    second = list_failed(school_session, school_id, after=first.older)

    assert (len(first.rows), len(second.rows), second.older) == (50, 5, None)
    assert {row.id for row in (*first.rows, *second.rows)} == ids
    assert count_failed(school_session, school_id) == 55


def test_messages_are_found_by_person_and_by_kind(place, school_session):
    (theirs,) = place.enqueue()
    (staffs,) = place.enqueue(
        "school_activated", recipient_kind="staff", recipient_id=place.world.school.lead.person_id
    )
    place.sql("update outbox set state = 'failed', problem = 'not_delivered', created_at = now()")
    school_id = place.world.school.school_id

    def found(typed):
        return [row.id for row in list_failed(school_session, school_id, text=typed).rows]

    (parent,) = place.sql(
        "select first_name, last_name from parent_contact where parent_id = %s", place.parent_id
    )
    assert found(f"{parent['last_name'].upper()}, {parent['first_name']}") == [theirs]
    assert found(place.world.school.lead.name) == [staffs]
    labels = {row.id: str(row.label) for row in list_failed(school_session, school_id).rows}
    assert {one: found(label) for one, label in labels.items()} == {one: [one] for one in labels}
    assert found("zzz") == []


def test_a_concern_shows_in_no_list_of_the_school(place, school_session):
    place.enqueue(
        "concern_received_for_dsl", recipient_kind="staff", recipient_id=place.world.school.school_id
    )
    (message_id,) = place.enqueue()
    place.sql("update outbox set state = 'failed', problem = 'not_delivered'")
    school_id = place.world.school.school_id

    assert [row.id for row in list_failed(school_session, school_id).rows] == [message_id]
    assert list_for_recipient(school_session, school_id, "staff", school_id) == []
    with pytest.raises(NotFound):
        list_failed(school_session, school_id, after=new_id())


def test_a_persons_timeline_says_what_was_sent_and_why_not(place, school_session):
    place.enqueue()
    place.sql("update outbox set state = 'held_back', problem = 'no_consent'")

    (row,) = list_for_recipient(school_session, place.world.school.school_id, "parent", place.parent_id)

    assert row.explained
    assert (row.label, row.state, row.explained.why) == (
        "Well done, and certificate",
        "held_back",
        "They did not agree to be reached this way.",
    )


def test_a_reply_is_read_and_dealt_with_once(client_for, world):
    senco = client_for(world.school.senco)
    page = senco.get("/messages/replies").get_data(as_text=True)
    assert f"Running late {world.school.family_canary}" in page
    (address,) = re.findall(r"/messages/replies/[0-9a-f-]+/done", page)

    senco.post(address)
    again = senco.post(address, follow_redirects=True).get_data(as_text=True)

    assert f"Dealt with by {world.school.senco.name}" in again
    assert "Somebody had dealt with it already." in again


def test_a_reply_of_another_school_is_not_there(client_for, world):
    page = client_for(world.sibling_school.senco).get("/messages/replies").get_data(as_text=True)
    (address,) = re.findall(r"/messages/replies/[0-9a-f-]+/done", page)

    assert world.school.family_canary not in page
    assert client_for(world.school.senco).post(address).status_code == 404


def test_one_click_stops_emails_without_cookies_or_a_form(app, session_for, world, stop_path):
    path = stop_path(Channel.EMAIL)
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        looked = client.get(f"{path}/at-once")
        answer = client.post(f"{path}/at-once", data={"List-Unsubscribe": "One-Click"})
        again = client.post(f"{path}/at-once")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (looked.status_code, looked.location) == (302, path)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert again.status_code == 200
    assert client.post("/stop/nonsense/at-once").status_code == 404
    assert _contact(session_for, world).emails_stopped_at is not None
