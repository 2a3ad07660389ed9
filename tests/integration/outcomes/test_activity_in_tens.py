"""A council reads how many parents are in groups and wait in full tens, over all its schools."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.support.answers import page_words as words


@pytest.fixture
def counted(connection, world):
    def count(**parents: int) -> None:
        connection.execute(text("set session authorization default"))
        connection.execute(text("delete from school_activity"))
        connection.execute(
            text(
                "insert into school_activity (school_id, parents, facilitators, cohorts, computed_at)"
                " values (:id, cast(:parents as jsonb), '{}', '{}', app.now())"
            ),
            {"id": world.school.school_id, "parents": json.dumps(parents)},
        )
        connection.execute(text("set session authorization wb_web"))

    return count


@pytest.mark.parametrize(
    ("before", "after", "said"), [(46, 47, "40 to 49"), (0, 9, "Under 10"), (10, 19, "10 to 19")]
)
def test_one_parent_more_or_less_is_not_seen_within_a_ten(counted, client_for, world, before, after, said):
    """Given so many in groups, when one joins or leaves, then the council reads the same ten as before."""
    council = client_for(world.authority.admin)
    for number in (before, after):
        counted(in_group=number, waiting=71, declined=33)
        page = words(council.get("/authority").text)
        assert f"parents are in a group {said}" in page
        assert "parents wait for a place 70 to 79" in page


def test_the_database_tells_the_council_of_two_stages_and_nothing_finer(counted, connection, world):
    counted(in_group=47, waiting=8, declined=33)
    connection.execute(text("set session authorization default"))
    connection.execute(text("set local role wb_authority"))
    connection.execute(
        text("select set_config('app.authority', :id, true)"), {"id": str(world.authority.authority_id)}
    )
    rows = connection.execute(text("select stage, tens from app.parents_in_tens() order by stage")).all()
    assert [tuple(row) for row in rows] == [("in_group", 40), ("waiting", 0)]
