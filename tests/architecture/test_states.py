"""What code calls a state is what the database takes for one."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, text

from app.recruitment.stages import STAGES as PARENT_WORDS
from app.schools.stages import STAGES as SCHOOL_WORDS
from app.states.parents import ParentStage
from app.states.schools import SchoolStage
from infra.database import sqlalchemy_url

STATES = {"school.stage": (SchoolStage, SCHOOL_WORDS), "parent.stage": (ParentStage, PARENT_WORDS)}


def allowed(stack, column: str) -> set[str]:
    """The values that the table's CHECK lists for this column."""
    table, name = column.split(".")
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        checks = connection.execute(
            text(
                "select pg_get_constraintdef(oid) from pg_constraint"
                " where conrelid = cast(:table as regclass) and contype = 'c'"
            ),
            {"table": table},
        ).scalars()
        found = [set(re.findall(r"'(\w+)'::text", one)) for one in checks if f"({name} = ANY" in one]
    engine.dispose()
    (values,) = found
    return values


@pytest.mark.parametrize("column", STATES)
def test_states_words_and_checks_are_the_same(stack, world, column):
    states, words = STATES[column]
    assert allowed(stack, column) == {state.value for state in states} == set(words)
