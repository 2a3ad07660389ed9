"""A group with more parents than the world's, each reached in a way of their own; and what becomes of a message."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from app.messages import facts
from app.messages.allowed import why_not
from app.messages.catalogue import get_kind
from app.messages.parts import Message
from app.messages.words import render
from app.states.messages import Channel, RecipientKind
from infra.clock import now
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from tests.support.borrowed import as_login
from tests.support.evenings import at, day_of_session_4, look  # noqa: F401 - fixtures

#: By name: their email, number, and what they agreed to.
OTHERS = {
    "Ayesha": ("ayesha@example.org", "+447700900171", ("join", "email", "text")),
    "Bukola": ("", "+447700900172", ("join", "text")),
    "Carys": ("carys@example.org", "", ("join", "email")),
    # Agreed to be reached in no way.
    "Dilys": ("dilys@example.org", "+447700900174", ("join",)),
}
_MADE = (
    "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
    " values (:school, :id, 'in_group', app.now(), app.now())",
    "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at)"
    " values (:school, :id, :cohort, :id, 'in_group', app.now())",
    "insert into parent_contact (school_id, parent_id, first_name, last_name, email, phone)"
    " values (:school, :id, :name, 'Wrenfield', :email, :phone)",
)
_AGREED = (
    "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
    " values (:school, :id, :kind, true, '1', app.now())"
)


@pytest.fixture
def others(connection, world) -> dict[str, UUID]:
    """Four more parents in the world's group."""
    made = {}
    with as_login(connection, "wb_owner"):
        for name, (email, phone, agreed) in OTHERS.items():
            keys = {"school": world.school.school_id, "cohort": world.school.ids["cohort_id"]}
            values = keys | {"id": new_id(), "name": name, "email": email, "phone": phone}
            for statement in _MADE:
                connection.execute(text(statement), values)
            for kind in agreed:
                connection.execute(text(_AGREED), values | {"kind": kind})
            made[name] = values["id"]
    return made


@pytest.fixture
def as_owner(connection) -> Callable[..., None]:
    def run(statement: str, **values: object) -> None:
        with as_login(connection, "wb_owner"):
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def becomes(connection, world) -> Callable[..., dict[str, object]]:
    """`becomes(parent_id)`: by channel, the words that go when their turn comes, or why nothing goes."""

    def judge(reader_id: UUID, kind_name: str = "group_message") -> dict[str, object]:
        school, kind = world.school, get_kind(kind_name)
        scope = Scope(Audience.DISPATCH, school.authority_id, school.school_id)
        with as_login(connection, "wb_dispatch"), ScopedSession(connection, scope=scope) as session:
            rows = session.execute(
                text("select * from outbox where recipient_id = :id and kind = :kind and state = 'queued'"),
                {"id": reader_id, "kind": kind_name},
            ).all()
            messages = [_message(row, school) for row in rows]
            if not messages:
                return {}
            known = facts.gather(session, messages, base_url="https://w.example", secret_key="k" * 32)
        found: dict[str, object] = {}
        for message in messages:
            problem = why_not(kind, message.channel, known[message.id], now())
            found[message.channel.value] = (
                problem or render(kind, message.channel, known[message.id].fields).body
            )
        return found

    return judge


def _message(row, school) -> Message:
    return Message(
        owner_id=school.school_id,
        authority_id=school.authority_id,
        is_authority=False,
        id=row.id,
        kind=row.kind,
        channel=Channel(row.channel),
        recipient_kind=RecipientKind(row.recipient_kind),
        recipient_id=row.recipient_id,
        subject_id=row.subject_id,
        attempt=0,
        not_after=row.not_after,
        created_at=row.created_at,
    )


@pytest.fixture
def led(world):
    return f"/group/cohorts/{world.school.ids['cohort_id']}/messages"


@pytest.fixture
def of_school(world):
    return f"/school/groups/{world.school.ids['cohort_id']}/messages"


@pytest.fixture
def by_day(request):
    """Two in the afternoon: no phone sleeps."""
    request.getfixturevalue("at")(14)
