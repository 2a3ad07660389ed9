"""An outside presenter's emails go to their address alone, with their own link, while the booking stands."""

from __future__ import annotations

import pytest

from infra.ids import new_id


@pytest.fixture
def presenter(place):
    """Somebody is booked for the next session, and has not answered."""
    key = new_id()
    place.sql(
        "insert into presenter (school_id, id, cohort_id, session_id, name, organisation, email, topic, door,"
        " after_minutes, for_minutes, on_date, starts_at, room, booked_by_name, link_hash)"
        " select school_id, %s, cohort_id, id, 'Noor Haddad', 'Sleep Clinic', 'noor@sleep.example', 'Sleep', 'Ruth',"
        " 0, 30, on_date, starts_at, room, 'Ruth', '\\x01' from cohort_session where id = %s",
        key,
        place.world.school.ids["next_session_id"],
    )
    yield key
    place.sql("delete from presenter")


@pytest.fixture
def asked(place, presenter):
    (message,) = place.enqueue(
        "presenter_asked", recipient_kind="presenter", recipient_id=presenter, subject_id=presenter
    )
    return message


def test_the_email_has_the_talk_and_the_link(place, asked, dispatcher, mailbox):
    dispatcher.drain()

    (email,) = mailbox.of(asked)
    assert email["to"] == "noor@sleep.example"
    assert "about: Sleep." in email["body"]
    assert "/presenting/" in email["body"]
    assert "Sleep" not in email["subject"]


@pytest.mark.parametrize(
    "change",
    [
        "update presenter set state = 'taken_back'",
        "update cohort_session set state = 'cancelled' where id in (select session_id from presenter)",
        "delete from presenter",
    ],
    ids=["taken back", "called off", "erased"],
)
def test_what_waits_does_not_go_when_it_holds_no_more(place, asked, dispatcher, mailbox, change):
    place.sql(change)

    dispatcher.drain()

    assert mailbox.of(asked) == []
    assert place.row(asked)["state"] == "held_back"
