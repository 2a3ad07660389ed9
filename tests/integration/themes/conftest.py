"""The evening of session 4, and a group with more parents than the world's."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.integration.themes.saying import REPLY, say
from tests.support.borrowed import as_login
from tests.support.evenings import after_the_session, at, day_of_session_4, look  # noqa: F401 - fixtures

_PARENT = text(
    "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
    " values (:school, :id, 'in_group', app.now(), app.now())"
)
_PLACE = text(
    "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at)"
    " values (:school, :id, :cohort, :id, 'in_group', app.now())"
)
_VOICE = text(
    "insert into theme_voice (school_id, theme_id, parent_id, ours, to_council, enough)"
    " values (:school, :theme, :id, :ours, :council, :enough)"
    " on conflict (school_id, theme_id, parent_id) do update"
    " set to_council = excluded.to_council, enough = excluded.enough"
)


@pytest.fixture
def others(connection, world) -> list[UUID]:
    """Ten more parents in the world's group."""
    ids = [new_id() for _number in range(10)]
    keys = {"school": world.school.school_id, "cohort": world.school.ids["cohort_id"]}
    with as_login(connection, "wb_owner"):
        for parent_id in ids:
            connection.execute(_PARENT, keys | {"id": parent_id})
            connection.execute(_PLACE, keys | {"id": parent_id})
    return ids


@pytest.fixture
def others_say(connection, world, others) -> Callable[..., None]:
    """`others_say(theme_id, yes=4)`: the first of them have a voice of that kind."""

    def say(theme_id: UUID, *, yes: int = 0, no: int = 0, to_council: bool = False, enough: str = "") -> None:
        with as_login(connection, "wb_owner"):
            for number, parent_id in enumerate(others[: yes + no]):
                values = {
                    "school": world.school.school_id,
                    "id": parent_id,
                    "theme": theme_id,
                    "ours": number < yes,
                    "council": to_council,
                    "enough": enough,
                }
                connection.execute(_VOICE, values)

    return say


@pytest.fixture
def theme_id(client_for, world, look, others):  # noqa: F811 - the fixture
    """Proposed by the leader of the world's group, which has twelve parents."""
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"
    sent = {"words": "We would like one person at school to call us."}
    assert client_for(world.school.facilitator).post(address, data=sent).status_code == 303
    asked = "select id from group_theme where state = 'proposed' and cohort_id = :cohort"
    return look(world.school.facilitator, asked, cohort=world.school.ids["cohort_id"])[0].id


@pytest.fixture
def approved(theme_id, others_say, client_for, world):
    """The fifth parent has said yes."""
    others_say(theme_id, yes=4)
    page = say(client_for(world.school.parent), theme_id)
    assert "Five or more of you say this" in page.text
    return theme_id


@pytest.fixture
def replied(approved, client_for, world):
    address = f"/school/themes/{approved}/reply"
    page = client_for(world.school.lead).post(address, data={"reply": REPLY}, follow_redirects=True)
    assert "Your reply stands" in page.text
    return approved
