"""What the outbox holds arrives once, and only while it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.states.messages import State
from infra.clock import now
from workers.deliveries import check_deliveries
from workers.outbox import Outcome

from .conftest import make_dispatcher


def test_an_email_arrives_with_its_words(place, dispatcher, mailbox):
    place.sql("update parent set stage = 'joined' where id = %s", place.parent_id)
    (message_id,) = place.enqueue("joined")

    assert dispatcher.drain() == 1

    (message,) = mailbox.of(message_id)
    assert message["to"] == place.world.school.parent.email
    assert "Thank you for saying yes." in message["body"]
    assert "http://127.0.0.1:5000/go/home" in message["body"]
    assert place.row(message_id)["state"] == "sent"
    assert place.row(message_id)["provider_id"] == message["id"]


def test_an_email_says_what_the_council_says_in_its_own_words(place, dispatcher, mailbox):
    school = place.world.school
    place.sql("update parent set stage = 'joined' where id = %s", place.parent_id)
    said = "insert into council_words values (%s, 'joined', 'dates_come', %s, %s, 'Somebody', app.now())"
    place.sql(said, school.authority_id, 1, "An older sentence.")
    place.sql(said, school.authority_id, 2, "We write in May, says ((council)).")
    (message_id,) = place.enqueue("joined")
    dispatcher.drain()
    place.sql("delete from council_words")

    (message,) = mailbox.of(message_id)
    assert "We write in May, says " in message["body"]
    assert "((council))" not in message["body"]
    assert "An older sentence." not in message["body"]
    assert "as soon as we know them" not in message["body"]


def test_nothing_goes_where_somebody_said_that_it_is_not_them(place, dispatcher, mailbox):
    place.sql("update parent set stage = 'joined' where id = %s", place.parent_id)
    place.sql(
        "insert into contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)"
        " values (%s, gen_random_uuid(), 'parent', %s, 'email', %s, app.now())",
        place.world.school.school_id,
        place.parent_id,
        place.world.school.parent.email,
    )
    (message_id,) = place.enqueue("joined")
    dispatcher.drain()
    place.sql("update contact_doubt set settled_at = app.now() where person_id = %s", place.parent_id)

    assert mailbox.of(message_id) == []
    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("held_back", "not_them")

    (message_id,) = place.enqueue("joined", dedupe_key="checked")
    dispatcher.drain()
    assert mailbox.of(message_id)


def test_what_was_sent_becomes_delivered(place, dispatcher):
    (message_id,) = place.enqueue()
    dispatcher.drain()
    place.end_leases()

    check_deliveries(dispatcher)

    assert place.row(message_id)["state"] == "delivered"


def test_what_reaches_nobody_is_failed_with_a_reason(place, dispatcher):
    place.sql(
        "update parent_contact set email = 'perm-fail@simulator.notify' where parent_id = %s", place.parent_id
    )
    (message_id,) = place.enqueue()
    dispatcher.drain()
    place.end_leases()
    check_deliveries(dispatcher)
    place.sql(
        "update parent_contact set email = %s where parent_id = %s",
        place.world.school.parent.email,
        place.parent_id,
    )

    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("failed", "not_delivered")


def test_the_same_message_is_written_once(place):
    (first,) = place.enqueue(dedupe_key="once")

    assert place.enqueue(dedupe_key="once") == []
    assert [row["id"] for row in place.sql("select id from outbox")] == [first]


def test_a_parent_who_may_not_read_the_outbox_writes_to_it_once(place):
    scope = place.world.school.parent.scope
    (first,) = place.enqueue(scope=scope, dedupe_key="parent")

    assert place.enqueue(scope=scope, dedupe_key="parent") == []
    assert [row["id"] for row in place.sql("select id from outbox")] == [first]


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("update consent set given = false where parent_id = %s and kind = 'email'", "no_consent"),
        ("update consent set given = false where parent_id = %s and kind = 'join'", "no_consent"),
        ("update parent_contact set emails_stopped_at = now() where parent_id = %s", "stopped"),
        ("update parent set stage = 'left' where id = %s", "said_no"),
        ("update parent set stage = 'said_no' where id = %s", "said_no"),
    ],
)
def test_a_word_said_after_it_was_queued_holds_it_back(place, dispatcher, mailbox, word, problem):
    (message_id,) = place.enqueue()
    place.sql(word, place.parent_id)

    dispatcher.drain()

    assert mailbox.of(message_id) == []
    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("held_back", problem)


def test_a_reminder_of_a_session_that_was_cancelled_is_held_back(place, dispatcher, mailbox):
    session_id = place.world.school.ids["next_session_id"]
    (message_id,) = place.enqueue("session_moved", subject_id=session_id)
    place.sql("update cohort_session set state = 'cancelled' where id = %s", session_id)

    dispatcher.drain()
    place.sql("update cohort_session set state = 'planned' where id = %s", session_id)

    assert mailbox.of(message_id) == []
    assert place.row(message_id)["problem"] == "plan_changed"


def test_a_text_about_a_session_says_when_and_where(place, dispatcher, mailbox):
    session_id = place.world.school.ids["next_session_id"]
    place.sql("update cohort_session set state = 'cancelled' where id = %s", session_id)
    (message_id,) = place.enqueue("session_cancelled", subject_id=session_id, channels=["email"])

    dispatcher.drain()
    (session,) = place.sql("select * from cohort_session where id = %s", session_id)
    place.sql("update cohort_session set state = 'planned' where id = %s", session_id)

    (message,) = mailbox.of(message_id)
    assert f"{session['on_date']:%A} {session['on_date'].day} {session['on_date']:%B}" in message["subject"]
    assert "The date after it: " in message["body"]


def test_a_place_comes_with_the_first_names_of_who_leads(place, dispatcher, mailbox):
    cohort_id = place.world.school.ids["cohort_id"]
    (message_id,) = place.enqueue("place_offered", subject_id=cohort_id)

    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    assert "Your group is led by facilitator. They will be there to welcome you." in message["body"]
    assert place.world.school.people["facilitator"].name not in message["body"]


def test_a_text_at_night_waits_for_the_morning(place, dispatcher, mailbox, monkeypatch):
    (message_id,) = place.enqueue(channels=["sms"])
    place.sql("update outbox set next_at = now()")
    tomorrow = now() + timedelta(hours=9)
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda *_: tomorrow)

    dispatcher.drain()

    row = place.row(message_id)
    assert mailbox.of(message_id) == []
    assert (row["state"], row["next_at"]) == ("queued", tomorrow)


def test_a_concern_is_announced_to_the_schools_dsl(place, dispatcher, mailbox):
    (message_id,) = place.enqueue(
        "concern_received_for_dsl",
        scope=place.world.school.parent.scope,
        recipient_kind="staff",
        recipient_id=place.world.school.school_id,
    )

    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    assert message["to"] == place.world.school.people["dsl"].email
    assert place.world.school.canary not in message["subject"] + message["body"].replace(
        place.world.school.people["dsl"].name, ""
    )


def test_an_authoritys_message_arrives(place, dispatcher, mailbox):
    admin = place.world.authority.admin
    (message_id,) = place.enqueue(
        "concern_received_for_officer",
        scope=admin.scope,
        school_id=None,
        authority_id=admin.authority_id,
        recipient_kind="member",
        recipient_id=admin.authority_id,
    )

    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    assert message["to"] == place.world.authority.officer.email


def test_a_claim_that_was_lost_writes_nothing(place, dispatcher):
    (message_id,) = place.enqueue()
    (mine,) = dispatcher.claim()
    place.end_leases()
    (theirs,) = dispatcher.claim()

    assert dispatcher.record([Outcome(mine, State.SENT, provider_id="mine")]) == 0
    assert dispatcher.record([Outcome(theirs, State.SENT, provider_id="theirs")]) == 1
    assert place.row(message_id)["provider_id"] == "theirs"


def test_records_several_outcomes_at_once_and_only_where_the_claim_is_still_ours(place, dispatcher):
    lost, *_others = ids = [place.enqueue()[0] for _ in range(3)]
    messages = dispatcher.claim()
    place.sql("update outbox set attempt = attempt + 1 where id = %s", lost)

    assert dispatcher.record([Outcome(message, State.SENT, provider_id="x") for message in messages]) == 2
    assert [place.row(message_id)["state"] for message_id in ids] == ["sending", "sent", "sent"]


def test_two_dispatchers_never_claim_the_same_message(place, dispatcher, mailbox):
    for _ in range(30):
        place.enqueue()
    other = make_dispatcher(place.stack, mailbox.url)

    first, second = dispatcher.claim(), other.claim()
    other.engine.dispose()

    assert len(first) + len(second) == 30
    assert not {message.id for message in first} & {message.id for message in second}


def test_a_reply_that_was_dropped_is_found_again_and_not_sent_twice(place, dispatcher, mailbox):
    (message_id,) = place.enqueue()
    mailbox.bad_day(drop_reply=1)
    dispatcher.drain()
    assert place.row(message_id)["state"] == "sending"

    mailbox.bad_day()
    place.end_leases()
    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1
    assert place.row(message_id)["state"] == "sent"


def test_an_error_before_it_was_accepted_is_sent_after_all(place, dispatcher, mailbox):
    (message_id,) = place.enqueue()
    mailbox.bad_day(error_before=1)
    dispatcher.drain()
    mailbox.bad_day()
    place.end_leases()

    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1
    assert place.row(message_id)["state"] == "sent"


def test_what_was_accepted_counts_as_sent_even_if_consent_ended_meanwhile(place, dispatcher, mailbox):
    (message_id,) = place.enqueue()
    mailbox.bad_day(error_after=1)
    dispatcher.drain()
    mailbox.bad_day()
    place.sql("update consent set given = false where parent_id = %s", place.parent_id)
    place.end_leases()

    dispatcher.drain()

    assert place.row(message_id)["state"] == "sent"


def test_a_rate_limit_puts_it_off(place, dispatcher, mailbox):
    (message_id,) = place.enqueue()
    mailbox.bad_day(rate_limit=1)

    dispatcher.drain()

    row = place.row(message_id)
    assert row["state"] == "queued"
    assert row["next_at"] > now()
    assert mailbox.of(message_id) == []


def test_an_address_that_notify_refuses_fails_with_what_to_do(place, dispatcher):
    place.sql(
        "update parent_contact set email = 'two..dots@example.org' where parent_id = %s", place.parent_id
    )
    (message_id,) = place.enqueue()

    dispatcher.drain()
    place.sql(
        "update parent_contact set email = %s where parent_id = %s",
        place.world.school.parent.email,
        place.parent_id,
    )

    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("failed", "bad_address")


def test_no_connection_at_all_costs_one_short_wait(place, mailbox):
    (message_id,) = place.enqueue()
    nowhere = make_dispatcher(place.stack, "http://127.0.0.1:9")

    nowhere.drain()
    nowhere.engine.dispose()

    assert place.row(message_id)["state"] == "queued"


def test_a_kind_without_words_fails_alone(place, dispatcher):
    (good,) = place.enqueue()
    (bad,) = place.enqueue()
    place.sql("update outbox set kind = 'of_a_newer_version' where id = %s", bad)

    dispatcher.drain()

    assert place.row(good)["state"] == "sent"
    assert place.row(bad)["state"] == "failed"


def test_no_transaction_is_open_while_notify_is_asked(place, dispatcher, mailbox, monkeypatch):
    place.enqueue()
    seen = []

    def watch(*_arguments, **_values):
        seen.extend(
            place.sql(
                "select state from pg_stat_activity where usename = 'wb_dispatch' and xact_start is not null"
            )
        )
        return "provider"

    monkeypatch.setattr("infra.notify.Notify.send_email", watch)
    dispatcher.drain()

    assert seen == []
    assert place.sql("select provider_id from outbox") == [{"provider_id": "provider"}]


def test_with_little_of_the_lease_left_nothing_is_begun(place, dispatcher, mailbox):
    (message_id,) = place.enqueue()
    short = replace(dispatcher, lease=timedelta(seconds=10))

    short.send_batch()

    assert mailbox.of(message_id) == []
    assert place.row(message_id)["state"] == "sending"
