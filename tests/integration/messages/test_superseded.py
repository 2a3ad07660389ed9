"""What the reader would find outdated is dropped: when a newer message is written, and once more before it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine

from app.messages.catalogue import KINDS
from app.messages.kind import Topic
from app.messages.queries import count_failed
from app.messages.services import enqueue, send_again
from app.shell.refusals import Refused
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.session import ScopedSession


@pytest.fixture
def applicant(place):
    """Somebody whom only a phone reaches, on the way to leading; the function moves them and tells them."""
    school = place.world.school
    person_id = new_id()
    place.sql(
        "insert into facilitator (school_id, id, name, phone, kind, stage, stage_changed_at, created_at)"
        " values (%s, %s, 'Ada Okafor', '+447700900151', 'professional', 'applied', now(), now())",
        school.school_id,
        person_id,
    )

    def step(stage, name, **values):
        place.sql("update facilitator set stage = %s where id = %s", stage, person_id)
        ids = place.enqueue(
            f"application_{name}",
            recipient_kind="facilitator",
            recipient_id=person_id,
            channels=["sms"],
            **values,
        )
        # As at 07:47: texts wait for the morning.
        place.sql("update outbox set next_at = now() + interval '13 minutes' where state = 'queued'")
        return ids[0]

    yield step
    place.sql("delete from outbox where recipient_id = %s", person_id)
    place.sql("delete from facilitator where id = %s", person_id)


def morning(place, dispatcher):
    place.sql("update outbox set next_at = now() where state = 'queued'")
    dispatcher.drain()


def by_day(monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)


def test_four_steps_in_a_night_are_one_text_in_themorning(place, dispatcher, mailbox, applicant, monkeypatch):
    by_day(monkeypatch)
    older = [
        applicant("applied", "received"),
        applicant("shortlisted", "conversation"),
        applicant("references", "references"),
    ]
    last = applicant("not_now", "not_now")

    # In the database, before any worker looked.
    assert {(place.row(one)["state"], place.row(one)["problem"]) for one in older} == {
        ("held_back", "superseded")
    }
    morning(place, dispatcher)
    assert [len(mailbox.of(one)) for one in [*older, last]] == [0, 0, 0, 1]


def test_a_step_that_passed_without_a_newer_message_is_dropped_at_the_claim(
    place, dispatcher, mailbox, applicant, monkeypatch
):
    by_day(monkeypatch)
    message_id = applicant("references", "references")
    place.sql(
        "update facilitator set stage = 'withdrawn' where id = %s", place.row(message_id)["recipient_id"]
    )
    place.sql("update facilitator set stage = 'applied' where stage = 'withdrawn' and name = 'Ada Okafor'")

    morning(place, dispatcher)

    assert mailbox.of(message_id) == []
    assert place.row(message_id)["problem"] == "superseded"


def test_what_a_worker_holds_is_looked_at_again(place, dispatcher, mailbox, applicant, monkeypatch):
    """The worker died with it; meanwhile a newer one was written."""
    by_day(monkeypatch)
    older = applicant("shortlisted", "conversation")
    place.sql("update outbox set next_at = now()")
    assert len(dispatcher.claim()) == 1
    newer = applicant("references", "references")
    assert place.row(older)["state"] == "sending"

    place.end_leases()
    dispatcher.drain()

    assert (mailbox.of(older), len(mailbox.of(newer))) == ([], 1)
    assert place.row(older)["problem"] == "superseded"


def test_what_had_arrived_before_the_worker_died_stays_sent(
    place, dispatcher, mailbox, applicant, monkeypatch
):
    by_day(monkeypatch)
    older = applicant("shortlisted", "conversation")
    mailbox.bad_day(drop_reply=1)
    morning(place, dispatcher)
    mailbox.bad_day()
    applicant("references", "references")

    place.end_leases()
    dispatcher.drain()

    assert place.row(older)["state"] == "sent"
    assert len(mailbox.of(older)) == 1


def test_another_readers_message_and_another_channel_stay(place, applicant):
    mine = place.enqueue("joined", channels=["email", "sms"])
    place.enqueue(
        "joined",
        recipient_id=place.world.school.people["graduate"].person_id,
        channels=["email", "sms"],
    )
    place.enqueue("joined", channels=["sms"])

    assert [place.row(one)["state"] for one in mine] == ["queued", "held_back"]


def test_the_same_message_twice_drops_nothing(place):
    place.enqueue("joined", dedupe_key="once")
    place.enqueue("joined", dedupe_key="once")

    assert [row["state"] for row in place.sql("select state from outbox")] == ["queued"]


def test_whoever_may_not_read_the_outbox_still_drops_what_is_old(place):
    (older,) = place.enqueue("joined")
    place.enqueue("joined", scope=place.world.school.parent.scope)

    assert place.row(older)["problem"] == "superseded"


def test_two_at_once_leave_one_to_be_sent(place, dispatcher, mailbox):
    """Neither transaction sees the other's row: the claim decides."""
    place.sql("update parent set stage = 'joined' where id = %s", place.parent_id)
    engine = create_engine(sqlalchemy_url(place.stack.url("wb_web")))

    def write(_number):
        with ScopedSession(engine, scope=place.world.school.lead.scope) as session:
            enqueue(
                session,
                kind="joined",
                school_id=place.world.school.school_id,
                recipient_kind="parent",
                recipient_id=place.parent_id,
                dedupe_key=str(new_id()),
                channels=["email"],
            )
            session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    engine.dispose()
    dispatcher.drain()

    states = [row["state"] for row in place.sql("select state from outbox order by id")]
    assert states.count("sent") == 1
    assert states[-1] == "sent"
    assert set(states[:-1]) == {"held_back"}


def test_an_authoritys_message_gives_way_too(place):
    admin = place.world.authority.admin
    invite = {
        "scope": admin.scope,
        "school_id": None,
        "authority_id": admin.authority_id,
        "recipient_kind": "member",
        "recipient_id": admin.person_id,
    }
    (older,) = place.enqueue("member_invitation", **invite)
    (newer,) = place.enqueue("member_invitation", **invite)

    assert (place.row(older)["problem"], place.row(newer)["state"]) == ("superseded", "queued")


def test_an_old_step_is_not_sent_again_over_a_newer_one(place, school_session):
    school_id = place.world.school.school_id
    (older,) = place.enqueue("joined")
    place.sql("update outbox set state = 'failed', problem = 'not_now' where id = %s", older)
    assert count_failed(school_session, school_id) == 1
    (newer,) = place.enqueue("joined")

    with pytest.raises(Refused):
        send_again(school_session, school_id=school_id, message_id=older)

    assert count_failed(school_session, school_id) == 0
    assert place.row(newer)["state"] == "queued"


@pytest.fixture
def school_session(place):
    engine = create_engine(sqlalchemy_url(place.stack.url("wb_web")))
    with ScopedSession(engine, scope=place.world.school.lead.scope) as session:
        yield session
    engine.dispose()


#: Kinds that say nothing that passes before they would be too late, each with the reason.
SAY_NOTHING_THAT_PASSES = {
    "sign_in_link": "asked for by its reader, and its link is looked at",
    "confirm_code": "asked for by its reader, and its code is looked at",
    "password_reset": "asked for by its reader, and its link is looked at",
    "password_was_reset": "tells of something that happened",
    "concern_received_for_dsl": "a concern waits until it is read",
    "concern_received_for_officer": "a concern waits until it is read",
    "session_reminder": "the session's day and state are looked at",
    "session_today": "the session's day and state are looked at",
    "last_session": "the session's day and state are looked at",
    "join_link_missing": "whether there is a link meanwhile is looked at",
    "we_missed_you": "the session's day and state are looked at",
    "notes_ready": "the session's state is looked at",
    "school_replied": "a reply is given once",
    "call_asked_for": "whether the call is still to be made is looked at",
    "call_news": "whether the call is still to be made is looked at",
    "call_late": "whether the call is still to be made is looked at",
    "call_to_make": "whether the call is still to be made is looked at",
    "presenter_asked": "where the booking stands is looked at",
    "presenter_moved": "where the booking stands is looked at",
    "presenter_elsewhere": "where the booking stands is looked at",
    "presenter_reminder": "where the booking stands is looked at",
    "presenter_called_off": "where the booking stands is looked at",
    "presenter_taken_back": "where the booking stands is looked at",
    "presenter_thanks": "once, after a session that was held",
    "group_message": "the message and its group are looked at",
    "announcement": "whether it was taken back is looked at",
    "group_message_led": "the message and its group are looked at",
    "halfway": "the session's state is looked at",
    "choose_topics": "the session's state is looked at",
    "group_ended_parent": "tells of something that happened",
    "group_ended_facilitator": "tells of something that happened",
    "graduation": "once in a group's life",
    "invited_back": "the stage of its reader is looked at",
    "letter_opened": "tells of something that happened",
    "contact_changed": "tells of something that happened",
    "address_shared": "whether it still holds is looked at",
    "way_in_changed": "tells of something that happened",
    "passkey_added": "tells of something that happened",
    "work_passkey_added": "tells of something that happened",
    "work_passkey_removed": "tells of something that happened",
    "work_account_connected": "tells of something that happened",
    "work_account_disconnected": "tells of something that happened",
    "work_codes_renewed": "tells of something that happened",
    "work_password_changed": "tells of something that happened",
    "work_app_set": "tells of something that happened",
    "work_app_reset": "tells of something that happened",
    "first_reader_at_school": "tells of something that happened",
    "first_reader_at_council": "tells of something that happened",
    "school_converted": "tells of something that happened",
    "way_in_code": "asked for by its reader, and its code is looked at",
    "fresh_start_link": "its link is looked at",
    "fresh_start_notice": "its link is looked at",
    "fresh_start_stopped": "tells of something that happened, and its page says how far it is",
    "role_offered": "its link is looked at",
    "mobile_code": "asked for by its reader, and its code is looked at",
    "concern_urgent_for_dsl": "a concern waits until it is read",
    "concern_urgent_for_officer": "a concern waits until it is read",
    "concern_unopened_for_officer": "a concern waits until it is read",
    "concern_unopened_for_dsl": "a concern waits until it is read",
    "leaders_changed": "tells of something that happened, and names who leads when it is sent",
    "concern_taken_over": "tells of something that happened",
    "concern_added_to": "tells of something that happened",
    "nobody_reads_concerns": "looked at again before each",
    **{
        f"{about}_{step}_at_{place}": "each step is told of by itself, and its page says how far it is"
        for about in ("appointment", "reset")
        for step in ("asked", "agreed", "stopped", "yours")
        for place in ("school", "council")
    },
    "reset_asked_yours_at_school": "each step is told of by itself, and its page says how far it is",
    "reset_asked_yours_at_council": "each step is told of by itself, and its page says how far it is",
}


def test_every_kind_says_what_it_is_about_or_why_not():
    declared = {name for name, kind in KINDS.items() if kind.topic is not Topic.NONE or kind.steps}

    assert declared | set(SAY_NOTHING_THAT_PASSES) == set(KINDS)
    assert not declared & set(SAY_NOTHING_THAT_PASSES)
