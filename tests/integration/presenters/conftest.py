"""A school that books an outside presenter, and the presenter, who has a link and no account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.links import presenter_token
from infra.clock import LONDON, now
from tests.support.borrowed import as_login
from tests.support.evenings import look  # noqa: F401 - a fixture

BOOKED = {
    "name": "Dr Noor Haddad",
    "organisation": "Tidewell Sleep Clinic",
    "email": "noor.haddad@sleep.example",
    "phone": "020 7946 0123",
    "topic": "Sleep, and what helps",
    "needs": "A projector",
    "door": "Front desk, for Ms Lovell",
}


@pytest.fixture
def rows(connection) -> Callable[..., list[Any]]:
    """Rows as they are kept, whoever may see them; and a way to change them."""

    def ask(statement: str, **values: object) -> list[Any]:
        with as_login(connection, "wb_owner"):
            found = connection.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    return ask


@pytest.fixture
def meeting(world, rows) -> Any:
    """The next session of the world's group."""
    (found,) = rows(
        "select id, number, on_date, starts_at, ends_at from cohort_session where id = :id",
        id=world.school.ids["next_session_id"],
    )
    return found


@pytest.fixture
def book(client_for, world, meeting) -> Callable[..., Any]:
    """`book(person, **typed)`: they book somebody for the next session, from its tenth minute for half an hour."""

    def send(person=None, **typed):
        person = person or world.school.lead
        side = "/group/cohorts" if person is world.school.facilitator else "/school/groups"
        sent = BOOKED | {"session": str(meeting.id)} | hours(meeting, 10, 40) | typed
        address = f"{side}/{world.school.ids['cohort_id']}/presenters/book"
        return client_for(person).post(address, data=sent, follow_redirects=True)

    return send


def hours(meeting, begins, ends):
    def at(minutes):
        moment = datetime.combine(meeting.on_date, meeting.starts_at) + timedelta(minutes=minutes)
        return f"{moment:%H:%M}"

    return {"begins": at(begins), "ends": at(ends)}


@pytest.fixture
def booked(book, rows) -> Any:
    """Somebody was booked."""
    assert "is asked by email" in book().text
    (found,) = rows("select * from presenter")
    return found


@pytest.fixture
def address(app, booked) -> str:
    return f"/presenting/{presenter_token(app.config['SECRET_KEY'], booked.id)}"


@pytest.fixture
def stranger(client_for):
    return client_for(None)


@pytest.fixture
def run_job(connection, world):
    """`run_job(job, moment)`: as the schedule runs it for the world's school."""

    def run(job, moment=None):
        school = world.school
        with as_login(connection, "wb_documents"):
            connection.execute(
                text(
                    "select set_config('app.school', :school, true), set_config('app.authority', :authority, true)"
                ),
                {"school": str(school.school_id), "authority": str(school.authority_id)},
            )
            with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
                written = job(session, school_id=school.school_id, moment=moment or now())
                session.commit()
        return written

    return run


@pytest.fixture
def told(rows):
    """`told()`: the kinds of messages that were written to presenters, in order."""
    return lambda: [
        row.kind for row in rows("select kind from outbox where recipient_kind = 'presenter' order by id")
    ]


def begins_at(meeting) -> datetime:
    return datetime.combine(meeting.on_date, meeting.starts_at, LONDON)


def main_of(page) -> str:
    return page.text.split("<main")[1].split("</main>")[0]
