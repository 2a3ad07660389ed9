"""What staff are offered about a message that did not go: by person, and only what would really be sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.messages.catalogue import KINDS
from app.messages.kind import About
from app.messages.queries import count_failed
from infra.clock import now, today
from infra.ids import new_id

AGAIN = "/messages/{}/again"


@pytest.fixture
def as_owner(connection):
    """Changes what staff may not, and gives their login back."""

    def run(statement, **values):
        connection.execute(text("set session authorization default"))
        connection.execute(text(statement), values)
        connection.execute(text("set session authorization wb_web"))

    return run


@pytest.fixture
def write(as_owner, world):
    """`write(kind, channel, state, problem)`: a row of the outbox to the parent; its id."""
    school = world.school

    def row(kind="session_moved", channel="sms", state="failed", problem="not_now", **values):
        given = {
            "school_id": school.school_id,
            "id": new_id(),
            "kind": kind,
            "channel": channel,
            "state": state,
            "problem": problem,
            "recipient_kind": "parent",
            "recipient_id": school.parent.person_id,
            "subject_id": school.ids["next_session_id"],
            "dedupe_key": str(new_id()),
            "next_at": now(),
            "created_at": now(),
        } | values
        names = ", ".join(given)
        as_owner(f"insert into outbox ({names}) values ({', '.join(f':{name}' for name in given)})", **given)
        return given["id"]

    as_owner("delete from outbox where school_id = :school", school=school.school_id)
    return row


@pytest.fixture
def staff(client_for, world):
    return client_for(world.school.lead)


def _read(staff, held_back=False):
    page = staff.get("/messages" + ("?show=held-back" if held_back else "")).get_data(as_text=True)
    return re.sub("[\u2068\u2069]", "", page)


def _meets(as_owner, world, on_date, **more):
    sets = "".join(f", {name} = :{name}" for name in more)
    as_owner(
        f"update cohort_session set on_date = :on_date{sets} where id = :id",
        id=world.school.ids["next_session_id"],
        on_date=on_date,
        **more,
    )


def test_what_can_help_is_offered(staff, write):
    message_id = write()

    assert AGAIN.format(message_id) in _read(staff)


SESSION_KINDS = sorted(
    kind.name
    for kind in KINDS.values()
    if kind.about is About.SESSION and kind.session_state == "planned" and not kind.confidential
    and kind.to == "parent"
)  # fmt: skip


@pytest.mark.parametrize("kind", SESSION_KINDS)
def test_what_speaks_of_a_session_that_was_is_not_sent_again(
    staff, write, as_owner, session_for, world, kind
):
    _meets(as_owner, world, today() - timedelta(days=11))
    channel = KINDS[kind].channels[-1]
    message_id = write(kind, channel)

    page = _read(staff)
    pressed = staff.post(AGAIN.format(message_id), follow_redirects=True).get_data(as_text=True)

    assert AGAIN.format(message_id) not in page
    assert "It is too late to send it again." in page
    assert "This message cannot be sent again." in pressed
    assert "Sent again" not in pressed
    assert count_failed(session_for(world.school.lead), world.school.school_id) == 0


def test_a_reminder_of_two_days_before_is_not_sent_on_a_day_that_has_its_own(staff, write, as_owner, world):
    _meets(as_owner, world, today())

    assert AGAIN.format(write("session_reminder")) not in _read(staff)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update consent set given = false where parent_id = :id and kind = 'text'", "They did not agree"),
        ("update parent set stage = 'left' where id = :id", "They said no, or left."),
        ("update parent_contact set phone = '' where parent_id = :id", "We have no address for this."),
        (
            "update parent_contact set texts_stopped_at = now() where parent_id = :id",
            "They do not want these messages.",
        ),
        ("delete from enrolment where parent_id = :id", "It is too late to send it again."),
    ],
)
def test_what_would_be_held_back_is_not_offered_and_the_page_says_why(
    staff, write, as_owner, world, change, words
):
    message_id = write()
    as_owner(change, id=world.school.parent.person_id)

    page = _read(staff)

    assert AGAIN.format(message_id) not in page
    assert words in page


def test_sent_again_is_said_only_of_what_went(staff, write):
    first = write()
    staff.post(AGAIN.format(first))
    assert "Sent again" in _read(staff)


@pytest.mark.parametrize(
    ("state", "problem", "tag", "why"),
    [
        ("held_back", "number_stopped", "Not sent again", "This number takes no texts from us."),
        ("failed", "not_now", "Tried again, did not arrive", ""),
    ],
)
def test_what_was_tried_again_and_did_not_go_says_so(staff, write, state, problem, tag, why):
    first = write()
    write(state=state, problem=problem, dedupe_key=f"again:{first}")

    page = _read(staff)

    assert tag in page
    assert why in page
    assert "Sent again" not in page


def test_a_press_that_sends_nothing_is_not_said_to_be_done(staff, write, monkeypatch):
    """Between looking and pressing they stopped texts: the words on the page are the same as at the sending."""
    message_id = write()
    monkeypatch.setattr("app.messages.outlook.why_not_reached", lambda *_: "no_consent")

    page = staff.post(AGAIN.format(message_id), follow_redirects=True).get_data(as_text=True)

    assert "No message reaches" in page
    assert "govuk-notification-banner--success" not in page


@pytest.mark.parametrize(
    ("held", "problem", "other", "state", "words"),
    [
        ("sms", "stopped", "email", "queued", "It goes by email"),
        ("sms", "number_stopped", "email", "delivered", "It went by email"),
        ("email", "no_consent", "sms", "sent", "It went by text"),
        ("email", "no_address", "sms", "sending", "It goes by text"),
    ],
)
def test_whoever_is_reached_another_way_needs_no_paper(staff, write, held, problem, other, state, words):
    write(channel=held, state="held_back", problem=problem)
    write(channel=other, state=state, problem="")

    page = _read(staff, held_back=True)

    assert f"{words} instead. Nothing to do." in page
    assert "send a letter" not in page


def test_whom_nothing_reached_is_told_on_paper(staff, write, world):
    write(channel="sms", state="held_back", problem="no_consent")
    write(channel="email", state="held_back", problem="no_consent")
    # Somebody else's email, an older one and one about another session reach nobody.
    write(channel="email", state="sent", problem="", recipient_id=world.school.other_parent.person_id)
    write(channel="email", state="sent", problem="", created_at=now() - timedelta(days=3))
    write(channel="email", state="sent", problem="", subject_id=world.school.ids["session_id"])

    page = _read(staff, held_back=True)

    assert page.count("Give them a printed plan, or send a letter.") == 2
    assert "Nothing to do." not in page


@pytest.mark.parametrize(
    "change",
    [
        "update consent set given = false where parent_id = :id and kind = 'text'",
        "update parent_contact set texts_stopped_at = now() where parent_id = :id",
        "update parent_contact set phone = '' where parent_id = :id",
    ],
)
def test_a_text_that_will_not_go_in_the_morning_does_not_count_as_another_way(
    staff, write, as_owner, world, change
):
    """Given an email that was held back, and a text of the same that still waits, which nobody will get."""
    write(channel="email", state="held_back", problem="no_consent")
    write(channel="sms", state="queued", problem="")
    assert "It goes by text instead. Nothing to do." in _read(staff, held_back=True)

    as_owner(change, id=world.school.parent.person_id)
    page = _read(staff, held_back=True)

    assert "by text instead" not in page
    assert "Give them a printed plan, or send a letter." in page


def test_a_text_that_failed_beside_an_email_that_went_asks_for_nobodys_day(staff, write, session_for, world):
    message_id = write(channel="sms", problem="not_delivered")
    write(channel="email", state="delivered", problem="")

    page = _read(staff)

    assert "It went by email. Correct the address or number when you can." in page
    assert AGAIN.format(message_id) not in page
    assert count_failed(session_for(world.school.lead), world.school.school_id) == 0


def test_a_call_is_offered_until_they_say_no_and_never_for_what_was_held_back(staff, write, as_owner, world):
    call = f"/school/parents/{world.school.parent.person_id}/contacts/add"
    write()
    assert call in _read(staff)

    as_owner("update parent set stage = 'left' where id = :id", id=world.school.parent.person_id)
    write(state="held_back", problem="said_no")

    assert call not in _read(staff)
    assert call not in _read(staff, held_back=True)
