"""A page says that somebody is told only where somebody is, and when."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.extensions import db
from app.messages import outlook
from app.messages.services import enqueue
from infra.clock import LONDON
from infra.ids import new_id

APP = Path(__file__).resolve().parents[3] / "app"
NOON = datetime(2026, 12, 1, 12, tzinfo=LONDON)
NIGHT = datetime(2026, 12, 1, 22, 30, tzinfo=LONDON)


@pytest.fixture
def press(session_for, world, connection, clock):
    """`press(moment, **reader)`: what staff read who cancel a session at that moment, with the parent so reached."""

    def run(moment, *, kind="session_cancelled", before="", **reader):
        clock.set(moment)
        school = world.school
        connection.execute(text("set session authorization default"))
        values = {"id": school.parent.person_id, "school": school.school_id, "lead": school.lead.person_id}
        sets = ", ".join(f"{name} = :{name}" for name in reader)
        if sets:
            connection.execute(
                text(f"update parent_contact set {sets} where parent_id = :id"), {**values, **reader}
            )
        if before:
            connection.execute(text(before), values)
        connection.execute(text("set session authorization wb_web"))
        session = session_for(school.lead)
        enqueue(
            session,
            kind=kind,
            school_id=school.school_id,
            recipient_kind="parent",
            recipient_id=school.parent.person_id,
            subject_id=school.ids["next_session_id"],
            dedupe_key=str(new_id()),
        )
        return re.sub("[\u2068\u2069]", "", outlook.said(session, school.school_id))

    yield run
    db.session.remove()


PHONE_ONLY = {"email": "", "phone": "+447700900191"}


def test_by_day_a_message_is_on_its_way(press):
    assert press(NOON) == "A message is on its way to one person."


def test_an_email_goes_at_night_too(press):
    assert press(NIGHT, email="anna@example.org") == "A message is on its way to one person."


def test_a_text_waits_for_the_morning_and_says_so(press):
    assert press(NIGHT, **PHONE_ONLY).startswith("One person gets a text at 8am: not earlier")
    assert press(NOON, **PHONE_ONLY) == "A message is on its way to one person."


@pytest.mark.parametrize(
    "nothing",
    [
        {"reader": {"email": "", "phone": ""}},
        {"reader": {"emails_stopped_at": NOON, "texts_stopped_at": NOON}},
        {"before": "update consent set given = false where parent_id = :id and kind in ('email', 'text')"},
        {"before": "update school set stage = 'left' where school_id = :school"},
    ],
)
def test_whom_nothing_reaches_is_named(press, world, nothing):
    said = press(NOON, before=nothing.get("before", ""), **nothing.get("reader", {}))
    assert said.startswith("No message reaches Parent family-canary")
    assert said.endswith("Please tell them yourself.")
    assert "on its way" not in said


def test_whoever_said_no_is_not_to_be_called(press):
    assert press(NOON, before="update parent set stage = 'left' where id = :id") == ""


def test_a_fresh_start_is_said(press):
    said = press(
        NOON,
        before="insert into fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by,"
        " asked_by_name, asked_at, waits_until) values (:school, gen_random_uuid(), 'parent', :id, 'sms',"
        " '+447700900333', current_date, :lead, 'A lead', app.now(), app.now() + interval '1 day')",
    )
    assert said.startswith("Nothing goes to Parent family-canary")


def test_what_was_written_by_nobody_is_not_said(session_for, world):
    assert outlook.said(session_for(world.school.lead), world.school.school_id) == ""


@pytest.mark.parametrize("reached", [True, False])
def test_the_page_says_it(client_for, world, connection, reached):
    school = world.school
    if not reached:
        connection.execute(text("set session authorization default"))
        connection.execute(
            text("update parent_contact set email = '', phone = '' where school_id = :s"),
            {"s": school.school_id},
        )
        connection.execute(
            text("update facilitator set email = '', phone = '' where school_id = :s"),
            {"s": school.school_id},
        )
        connection.execute(text("set session authorization wb_web"))
    path = f"/school/groups/sessions/{school.ids['next_session_id']}/cancel"
    page = (
        client_for(school.lead).post(path, data={"reason": "The room is shut."}, follow_redirects=True).text
    )
    assert "The session is cancelled." in page
    assert ("on its way" in page or "on their way" in page) == reached
    assert ("No message reaches" in page) != reached


def test_no_page_promises_a_message_in_words_of_its_own():
    """Words about sending after a press come from `outlook`; the few others name what goes at any hour to anybody."""
    ours = re.compile(
        r"flash\(\s*_\(\s*\"[^\"]*(we tell|is told|are told|on (its|their) way|we are sending)", re.IGNORECASE
    )
    found = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*routes*.py")
        if ours.search(path.read_text(encoding="utf-8"))
    }
    # Of a concern, by an email that no quiet hour holds.
    assert found <= {"safeguarding/routes.py"}
