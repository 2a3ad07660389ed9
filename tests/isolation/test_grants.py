"""The database gives exactly what tenants/who_sees_what.toml says, parents read the same, and policies are cheap."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from app.shell.who_can_see import AUDIENCES, list_things
from infra.database import sqlalchemy_url
from tenants.scope import WEB_AUDIENCES
from tests.isolation.grants import file_grants, live_functions, live_grants, read_file, words_of

#: Rows of one table that hang on another are looked up once, in a hash, not per row.
LOOKS_ASIDE = {("public.facilitator_application", "wb_parent")}


@pytest.fixture(scope="module")
def catalogue(stack, world):
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_database_grants_what_the_file_says_and_nothing_else(catalogue):
    file = read_file()
    live, told = live_grants(catalogue, words_of(file)), file_grants(file)
    assert set(live) == set(told)
    for table in live:
        assert live[table] == told[table], table


def test_functions_are_granted_to_the_roles_that_the_file_names(catalogue):
    assert live_functions(catalogue) == read_file()["function"]


def test_every_word_for_rows_is_used_and_says_one_thing():
    file = read_file()
    used = {
        rows for entry in file_grants(file).values() for verbs in entry.values() for rows in verbs.values()
    }
    assert set(file["rows"]) <= used
    assert len(words_of(file)) == len(file["rows"])


def test_the_safeguarding_lead_adds_to_the_staff_and_nobody_else_inherits(catalogue):
    rows = catalogue.execute(
        text(
            "select r.rolname::text, g.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.member"
            " join pg_roles g on g.oid = m.roleid where m.inherit_option and g.rolname like 'wb\\_%'"
        )
    ).all()
    assert [tuple(row) for row in rows] == [("wb_dsl", "wb_school")]


def test_parents_are_told_what_the_promise_says(shared_app):
    """The rows of the promise, as they must come out of the grants."""
    with shared_app.test_request_context():
        told = {thing: [answer.answer for answer in answers] for thing, answers in list_things()}
    columns = tuple(AUDIENCES)
    assert columns == ("school", "dsl", "head", "office", "facilitators", "group", "council", "commissioners")
    assert told == {
        "name, contact": ["yes", "yes", "no", "yes", "own group", "no", "no", "no"],
        "yes or no to joining": ["yes", "yes", "totals", "no", "own group", "no", "totals", "totals"],
        "child’s year group, attendance band, needs": ["yes", "yes", "no", "no", "no", "no", "no", "no"],
        "places we offered you": ["yes", "yes", "no", "no", "no", "no", "no", "no"],
        "days, times and help that suit you": ["yes", "yes", "no", "no", "no", "no", "no", "no"],
        "when the school called or spoke with you": ["yes", "yes", "no", "no", "no", "no", "no", "no"],
        "language, access needs": ["yes", "yes", "no", "yes", "own group", "no", "no", "no"],
        "answers to the questions": [
            "pooled",
            "pooled",
            "pooled",
            "pooled",
            "pooled",
            "pooled",
            "pooled",
            "pooled",
        ],
        "attendance at the group": [
            "if you agreed",
            "if you agreed",
            "no",
            "no",
            "own group",
            "no",
            "totals",
            "totals",
        ],
        "topic vote": ["no", "no", "no", "no", "totals", "no", "no", "no"],
        "what you would like on your first evening": ["no", "no", "no", "no", "own group", "no", "no", "no"],
        "whether somebody asked you how it was": ["no", "no", "no", "no", "own group", "no", "no", "no"],
        "whether they wrote to you when you were away twice": [
            "no",
            "no",
            "no",
            "no",
            "own group",
            "no",
            "no",
            "no",
        ],
        "that you asked for a call, and what about": [
            "yes",
            "yes",
            "no",
            "no",
            "own group",
            "no",
            "totals",
            "no",
        ],
        "what is written to everybody in your group": [
            "yes",
            "yes",
            "no",
            "no",
            "own group",
            "own group",
            "no",
            "no",
        ],
        "what you write on a sign-up page, or send to another school": [
            "yes",
            "yes",
            "no",
            "no",
            "no",
            "no",
            "no",
            "no",
        ],
        "what your group says to the school together": [
            "yes",
            "yes",
            "totals",
            "no",
            "own group",
            "own group",
            "totals",
            "no",
        ],
        "whether you agreed to it": ["totals", "totals", "no", "no", "totals", "totals", "no", "no"],
        "words in the room": ["no", "told", "no", "no", "told", "told", "told", "no"],
        "ideas and points in the notes": ["no", "no", "no", "no", "own group", "own group", "no", "no"],
        "concern about a child": ["no", "yes", "no", "no", "no", "no", "no", "no"],
        "application to facilitate": ["yes", "yes", "no", "no", "no", "no", "totals", "totals"],
        "child’s attendance totals": ["told", "told", "no", "no", "no", "no", "no", "no"],
    }


def test_the_page_is_for_everybody_and_shows_each_answer(client_for):
    page = client_for(None).get("/who-can-see").get_data(as_text=True)
    for words in ("concern about a child", "Your group’s only.", "If you agreed.", "Totals only.", "Pooled."):
        assert words in page


def test_every_policy_is_worked_out_once_per_statement(catalogue):
    """Ids come from an InitPlan; no plan asks a sub-plan or a function row by row."""
    reads = [
        (table, role)
        for table, roles in file_grants(read_file()).items()
        for role, verbs in roles.items()
        if "select" in verbs and role in {audience.value for audience in WEB_AUDIENCES}
    ]
    assert len(reads) > 50
    for table, role in reads:
        step = catalogue.begin_nested()
        for name in ("school", "authority", "person"):
            catalogue.execute(text(f"select set_config('app.{name}', :id, true)"), {"id": str(uuid4())})
        catalogue.execute(text(f"set local role {role}"))
        plan = "\n".join(
            catalogue.execute(text(f"explain (verbose, costs off) select 1 from {table}")).scalars()
        )
        step.rollback()
        filters = [line for line in plan.splitlines() if "Filter:" in line or "Cond:" in line]
        for line in filters:
            assert "app." not in line, f"{role} {table}: {line}"
            if "SubPlan" in line:
                assert (table, role) in LOOKS_ASIDE, f"{role} {table}: {line}"
                assert "hashed SubPlan" in line, f"{role} {table}: {line}"
