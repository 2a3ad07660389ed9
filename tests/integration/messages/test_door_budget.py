"""A school whose doors send far more links than on other days: staff see it as work, the operator in the log."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.messages import door_budget
from tenants.session import ASSUME


@pytest.fixture
def asked(connection, world):
    """So many links were asked for at the school's doors."""

    def write(count: int) -> None:
        connection.execute(text("set session authorization default"))
        connection.execute(
            text(
                "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,"
                " attempt, next_at, problem, created_at) select :school, gen_random_uuid(), 'sign_in_link', 'sms',"
                " 'token', gen_random_uuid(), gen_random_uuid()::text, 'queued', 0, app.now(), '',"
                " app.now() - interval '1 hour'"
                " from generate_series(1, :count) n"
            ),
            {"school": world.school.school_id, "count": count},
        )
        connection.execute(text("set session authorization wb_web"))

    return write


def test_over_the_days_budget_is_work_on_the_schools_home(client_for, asked, world):
    asked(door_budget.BUDGET)
    assert "were asked for since yesterday" not in client_for(world.school.lead).get("/school").text
    asked(1)

    assert "were asked for since yesterday" in client_for(world.school.lead).get("/school").text
    assert "were asked for since yesterday" not in client_for(world.sibling_school.lead).get("/school").text


def test_and_a_line_in_the_operators_log_without_a_person_in_it(connection, asked, clock, world):
    asked(door_budget.BUDGET + 1)
    with capture_logs() as lines:
        for school in (world.school, world.sibling_school):
            connection.execute(ASSUME, school.lead.scope.as_parameters())
            door_budget.watch(connection, school_id=school.school_id, moment=clock.now)

    assert [(line["event"], line["school_id"]) for line in lines] == [
        ("door_budget_over", str(world.school.school_id))
    ]
