"""A message is never said to wait for somebody who has no address on its channel; whoever tells them reads that."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from app.messages.catalogue import KINDS
from app.messages.kind import About
from app.messages.services import enqueue
from app.messages.timeline import STATES, list_for_recipient
from app.states.messages import Channel, RecipientKind, State
from infra.ids import new_id

LOOKED_UP = [kind for kind in KINDS.values() if kind.to in (RecipientKind.PARENT, RecipientKind.FACILITATOR)]
ADDRESSES = {"email": "somebody@example.org", "sms": "+447700900171"}
WAITS = str(STATES[State.QUEUED][0])


@pytest.fixture
def reach(connection, world):
    """`reach(kind, *channels)`: whoever reads that kind is reached on these channels alone."""

    def run(kind, *channels):
        table, key = ("parent_contact", "parent_id") if kind.to == "parent" else ("facilitator", "id")
        person_id = (
            world.school.parent.person_id if kind.to == "parent" else world.school.facilitator.person_id
        )
        email, phone = (ADDRESSES[one] if one in channels else "" for one in ("email", "sms"))
        with as_owner(connection):
            connection.execute(
                text(f"update {table} set email = :email, phone = :phone where {key} = :id"),
                {"email": email, "phone": phone, "id": person_id},
            )
        return person_id

    return run


def write(session, world, kind, person_id):
    school = world.school
    subjects = {About.SESSION: school.ids["next_session_id"], About.COHORT: school.ids["cohort_id"]}
    return enqueue(
        session,
        kind=kind.name,
        school_id=school.school_id,
        recipient_kind=kind.to,
        recipient_id=person_id,
        subject_id=subjects.get(kind.about) or (new_id() if kind.topic else None),
        dedupe_key=str(new_id()),
    )


def states(connection, ids):
    with as_owner(connection):
        rows = connection.execute(
            text("select channel, state, problem from outbox where id = any(:ids)"), {"ids": ids}
        ).all()
    return {row.channel: (row.state, row.problem) for row in rows}


@contextmanager
def as_owner(connection):
    role = connection.execute(text("select current_setting('role')")).scalar_one()
    connection.execute(text("set session authorization default"))
    yield
    connection.execute(text("set session authorization wb_web"))
    connection.execute(text("select set_config('role', :role, true)"), {"role": role})


@pytest.mark.parametrize("kind", LOOKED_UP, ids=lambda kind: kind.name)
@pytest.mark.parametrize("channels", [(), ("email",), ("sms",), ("email", "sms")])
def test_of_every_kind_only_what_has_an_address_waits(session_for, connection, world, reach, kind, channels):
    person_id = reach(kind, *channels)
    ids = write(session_for(world.school.lead), world, kind, person_id)
    found = states(connection, ids)
    assert set(found) == {channel.value for channel in kind.channels}
    for channel, (state, problem) in found.items():
        assert (state, problem) == (("queued", "") if channel in channels else ("held_back", "no_address"))


def test_who_may_not_read_addresses_writes_none_for_nobody_either(session_for, connection, world, reach):
    """Given a session cancelled by who leads it, then a text for a parent without a number is held back at once."""
    kind = KINDS["session_cancelled"]
    person_id = reach(kind, "email")
    ids = write(session_for(world.school.facilitator), world, kind, person_id)
    found = states(connection, ids)
    assert found["email"] == ("queued", "")
    assert found["sms"] == ("held_back", "no_address")


def shown(session, world, person_id):
    return [
        (line.label, line.channel, line.words)
        for line in list_for_recipient(session, world.school.school_id, "parent", person_id)
    ]


def test_a_message_that_nothing_carries_is_one_line_for_whoever_tells_them(session_for, world, reach):
    staff, kind = session_for(world.school.lead), KINDS["joined"]
    person_id = reach(kind)
    write(staff, world, kind, person_id)
    (line,) = [one for one in shown(staff, world, person_id) if one[0] == kind.label]
    assert line[1] is None
    assert line[2] == "tell them yourself"


@pytest.mark.parametrize(("channel", "other"), [("email", "sms"), ("sms", "email")])
def test_who_is_reached_one_way_has_nothing_waiting_the_other(session_for, world, reach, channel, other):
    staff, kind = session_for(world.school.lead), KINDS["joined"]
    person_id = reach(kind, channel)
    write(staff, world, kind, person_id)
    lines = [one for one in shown(staff, world, person_id) if one[0] == kind.label]
    assert lines == [(kind.label, Channel(channel), WAITS)]


@pytest.mark.parametrize(
    "stop",
    [
        "update parent_contact set texts_stopped_at = app.now() where parent_id = :id",
        "update parent set stage = 'left' where id = :id",
        "update parent_contact set phone = '' where parent_id = :id",
    ],
)
def test_what_will_be_held_back_is_not_said_to_wait(session_for, world, reach, connection, stop):
    """Given a text that waits for the morning, when nothing may go there any more, then the page does not say so."""
    staff, kind = session_for(world.school.lead), KINDS["joined"]
    person_id = reach(kind, "sms")
    write(staff, world, kind, person_id)
    assert WAITS in [words for _label, _channel, words in shown(staff, world, person_id)]
    staff.flush()
    with as_owner(connection):
        connection.execute(text(stop), {"id": person_id})
    staff.expire_all()
    assert WAITS not in [words for _label, _channel, words in shown(staff, world, person_id)]


def test_every_state_has_its_words():
    assert set(STATES) == set(State)
    assert not [words for words, _tone in STATES.values() if re.search("[_A-Z]", str(words))]
