"""What an attacker learns by trying: clashes, references, and how much work an answer costs.

Clocks lie on a busy machine, so work is counted by the server itself: rows and pages touched. What the clock said is
noted for `make security-report` and judged by nobody.
"""

from __future__ import annotations

import json
from statistics import median
from time import perf_counter_ns
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from infra.ids import new_id
from tests.isolation.test_raw_sql import attacker  # noqa: F401 - a fixture
from tests.support.reading import sqlstate

#: Inserts by which staff of one school could ask whether an id is taken somewhere, with what they know of the victim.
PROBES = {
    "the id of a parent": (
        "insert into parent (school_id, id, stage_changed_at, created_at) values (:s, :id, now(), now())",
        "parent_id",
    ),
    "the id of a group": (
        "insert into cohort (school_id, id, name, starts_at, created_at) values (:s, :id, 'x', '18:00', now())",
        "cohort_id",
    ),
    "the id of a facilitator": (
        "insert into facilitator (school_id, id, name, stage, stage_changed_at, created_at)"
        " values (:s, :id, 'x', 'applied', now(), now())",
        "facilitator_id",
    ),
    "the id of a document": (
        "insert into document (school_id, id, kind, file_name, state, next_at, created_at)"
        " values (:s, :id, 'agreement', 'x', 'queued', now(), now())",
        "agreement_document_id",
    ),
    "the id of a message": (
        "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, next_at,"
        " created_at) values (:s, :id, 'joined', 'email', 'parent', :id, :id, 'queued', now(), now())",
        "outbox_id",
    ),
    "an address": (
        "with p as (insert into parent (school_id, id, stage_changed_at, created_at)"
        " values (:s, :fresh, now(), now()) returning id) insert into parent_contact"
        " (school_id, parent_id, first_name, last_name, email, phone) select :s, id, 'A', 'B', :email, :phone from p",
        "",
    ),
}
#: References to something of another school, each with the same refusal as one to nothing.
REFERENCES = {
    "a parent": ("insert into recruitment_profile (school_id, parent_id) values (:s, :id)", "parent_id"),
    "a group": (
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " values (:s, :id, :f, now())",
        "cohort_id",
    ),
    "a facilitator": (
        "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
        " values (:s, :c, :id, now())",
        "facilitator_id",
    ),
    "a group's place": (
        "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at) values (:s, :fresh, :id, :p, now())",
        "cohort_id",
    ),
}


def tried(connection, statement: str, **values: object) -> tuple[str, str, str]:
    """(SQLSTATE, constraint, detail) of the answer; empty when it was taken."""
    step = connection.begin_nested()
    try:
        connection.execute(text(statement), values)
        # References are looked at when the statement ends.
    except IntegrityError as error:
        diagnosis = cast(psycopg.Error, error.orig).diag
        return sqlstate(error), diagnosis.constraint_name or "", diagnosis.message_detail or ""
    finally:
        step.rollback()
    return "", "", ""


@pytest.mark.parametrize("what", PROBES)
def test_what_is_taken_in_another_school_is_free_in_this_one(world, attacker, what):  # noqa: F811
    statement, key = PROBES[what]
    connection = attacker("wb_school")
    own = {"s": world.school.school_id, "email": "", "phone": ""}
    for school in (world.sibling_school, world.other_school):
        victim = school.parent
        theirs = own | {
            "email": victim.email,
            "phone": victim.phone,
            "id": school.ids.get(key),
            "fresh": new_id(),
        }
        nobodys = own | {
            "email": "nobody@example.org",
            "phone": "+447700900999",
            "id": new_id(),
            "fresh": new_id(),
        }
        assert (
            tried(connection, statement, **theirs) == tried(connection, statement, **nobodys) == ("", "", "")
        )


@pytest.mark.parametrize("what", REFERENCES)
def test_a_reference_to_another_school_is_refused_like_one_to_nothing(world, attacker, what):  # noqa: F811
    statement, key = REFERENCES[what]
    connection = attacker("wb_school")
    mine = {
        "s": world.school.school_id,
        "f": world.school.ids["facilitator_id"],
        "p": world.school.ids["waiting_parent_id"],
        "c": world.school.ids["forming_cohort_id"],
    }
    answers = {
        tried(connection, statement, id=found, fresh=new_id(), **mine)
        for found in (world.sibling_school.ids[key], world.other_school.ids[key], new_id())
    }
    # One answer for all three, and none that names a value.
    assert len({(state, rule) for state, rule, _ in answers}) == 1
    assert next(iter(answers))[0] == "23503"
    for _, _, detail in answers:
        assert "canary" not in detail
        assert world.sibling_school.parent.email not in detail


def test_a_clash_inside_a_school_names_no_value_that_its_reader_may_not_see(world, attacker):  # noqa: F811
    """Facilitators write registers and may not read the outbox: a clash there tells the rule, not the row."""
    connection = attacker("wb_facilitator")
    state, _, detail = tried(
        connection,
        PROBES["the id of a message"][0],
        s=world.school.school_id,
        id=world.school.ids["outbox_id"],
    )
    assert state == "23505"
    assert detail == ""


READS = (
    ("select * from parent where school_id = :s and id = :id", "parent_id"),
    ("select * from parent where id = :id", "parent_id"),
    ("select * from parent_contact where parent_id = :id", "parent_id"),
    ("select * from cohort where id = :id", "cohort_id"),
    ("select * from cohort_session where cohort_id = :id", "cohort_id"),
    ("select * from document where id = :id", "agreement_document_id"),
    ("select * from outbox where id = :id", "outbox_id"),
    ("select * from facilitator where id = :id", "facilitator_id"),
)


def work(connection, statement: str, **values: object) -> tuple[Any, ...]:
    """What a read costs, counted: the plan, rows given and thrown away, pages touched."""
    asked = text(f"explain (analyze, buffers, timing off, summary off, format json) {statement}")
    found = connection.execute(asked, values).scalar_one()
    plan = (found if isinstance(found, list) else json.loads(found))[0]["Plan"]
    return tuple(
        plan.get(key)
        for key in ("Node Type", "Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck",
                    "Shared Hit Blocks", "Shared Read Blocks")
    )  # fmt: skip


@pytest.mark.parametrize("number", range(len(READS)))
def test_a_foreign_id_costs_the_work_of_an_unknown_one(world, attacker, number):  # noqa: F811
    """Named with the school, as every query of ours does, or bare: rows and pages are those of an id of nobody."""
    statement, key = READS[number]
    connection = attacker("wb_school")
    # In a table of a hundred rows, once counted, reading all of them can seem cheaper for an id that is common.
    connection.execute(text("set local enable_seqscan = off"))
    ids = [world.sibling_school.ids[key], world.other_school.ids[key], new_id(), new_id()]
    for found in ids:
        work(connection, statement, s=world.school.school_id, id=found)  # every page is in memory now
    costs = [work(connection, statement, s=world.school.school_id, id=found) for found in ids]
    own = work(connection, statement, s=world.school.school_id, id=world.school.ids[key])
    assert own[1], "one's own is found"
    for cost in costs:
        assert cost[:2] == (costs[-1][0], 0)
        # Rows looked at are one's own school's; a page more or less is where in an index an id would stand.
        assert (cost[2] or 0) == (costs[-1][2] or 0)
        assert abs((cost[4] or 0) - (costs[-1][4] or 0)) <= 2


def test_what_the_clock_says_is_noted(world, attacker, record_property):  # noqa: F811
    """Medians over many turns, foreign and unknown ids by turns, in microseconds."""
    connection = attacker("wb_school")
    taken: dict[str, list[int]] = {"foreign": [], "unknown": []}
    statement = text("select * from parent_contact where school_id = :s and parent_id = :id")
    for _ in range(200):
        for whose, found in (("foreign", world.sibling_school.ids["parent_id"]), ("unknown", new_id())):
            started = perf_counter_ns()
            assert connection.execute(statement, {"s": world.school.school_id, "id": found}).all() == []
            taken[whose].append((perf_counter_ns() - started) // 1000)
    for whose, times in taken.items():
        record_property(f"median_{whose}", int(median(times)))
