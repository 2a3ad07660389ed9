"""The evening of session 4, and a group with more parents than the world's."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.support.borrowed import as_login
from tests.support.evenings import after_the_session, at, day_of_session_4, look  # noqa: F401 - fixtures


@pytest.fixture
def others_say(connection, world) -> Callable[..., None]:
    """`others_say(theme_id, yes=4)`: so many other parents of the school have a voice of that kind."""

    def say(theme_id: UUID, *, yes: int = 0, no: int = 0, to_council: bool = False, enough: str = "") -> None:
        school_id = world.school.school_id
        with as_login(connection, "wb_owner"):
            for number in range(yes + no):
                values = {
                    "school": school_id,
                    "id": new_id(),
                    "theme": theme_id,
                    "ours": number < yes,
                    "council": to_council,
                    "enough": enough,
                }
                connection.execute(
                    text(
                        "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
                        " values (:school, :id, 'in_group', now(), now())"
                    ),
                    values,
                )
                connection.execute(
                    text(
                        "insert into theme_voice (school_id, theme_id, parent_id, ours, to_council, enough)"
                        " values (:school, :theme, :id, :ours, :council, :enough)"
                    ),
                    values,
                )

    return say
