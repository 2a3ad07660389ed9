"""Statements that an attacker would send, as each audience: what row policies and grants alone hold back.

A limit is part of this file: the web login may assume any web audience and set any id (that is its work), so an
injected statement could too. `docs/security.md` says so, and the lint that allows no built SQL is the answer to it.
"""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import WEB_AUDIENCES
from tests.isolation.grants import file_grants, read_file
from tests.support.reading import sqlstate

AUDIENCES = [audience.value for audience in WEB_AUDIENCES]
GRANTS = file_grants(read_file())
#: Roles that no web audience may become.
WORKERS = ("wb_dispatch", "wb_documents", "wb_rollup", "wb_owner", "wb_identity", "wb_helper", "postgres")
DENIED = ("42501",)


@pytest.fixture
def attacker(stack, world):
    """As the web login, in a school's place: `attacker(audience)` begins again as that audience."""
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with engine.connect() as connection:

        def become(audience: str):
            connection.rollback()
            person = {
                "wb_parent": world.school.people["parent"],
                "wb_facilitator": world.school.people["facilitator"],
            }.get(audience, world.school.people["dsl"])
            serves_authority = audience in ("wb_authority", "wb_officer", "wb_commissioner")
            connection.execute(
                text(
                    "select set_config('role', :role, true), set_config('app.authority', :authority, true),"
                    " set_config('app.school', :school, true), set_config('app.person', :person, true)"
                ),
                {
                    "role": audience,
                    "authority": str(world.authority.authority_id),
                    "school": "" if serves_authority else str(world.school.school_id),
                    "person": str(person.person_id),
                },
            )
            return connection

        yield become
        connection.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def tables(stack, world):
    """Table -> its columns."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select table_schema || '.' || table_name, array_agg(column_name::text order by ordinal_position)"
                " from information_schema.columns where table_schema in ('public', 'published', 'identity') group by 1"
            )
        ).all()
    engine.dispose()
    return dict(tuple(row) for row in rows)


def refused(connection, statement: str, **values: object) -> str:
    """The SQLSTATE with which the database refused `statement`; '' when it did not."""
    step = connection.begin_nested()
    try:
        connection.execute(text(statement), values)
    except (ProgrammingError, IntegrityError) as error:
        return sqlstate(error)
    finally:
        step.rollback()
    return ""


def places(world, audience: str) -> dict[str, list]:
    """Ids of schools and authorities that are not this audience's."""
    schools = list(world.other_authority.schools)
    if audience not in ("wb_authority", "wb_officer", "wb_commissioner"):
        schools.append(world.sibling_school)
    return {
        "school_id": [school.school_id for school in schools],
        "authority_id": [world.other_authority.authority_id],
    }


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_row_of_another_place_is_read_changed_or_removed(world, attacker, tables, audience):
    connection = attacker(audience)
    strangers = places(world, audience)
    tried = 0
    for table, columns in tables.items():
        for key, ids in strangers.items():
            if key not in columns:
                continue
            tried += 1
            where = f"from {table} where {key} = any (:ids)"
            step = connection.begin_nested()
            try:
                assert connection.execute(text(f"select count(*) {where}"), {"ids": ids}).scalar_one() == 0, (
                    table
                )
            except ProgrammingError as error:
                assert sqlstate(error) in DENIED, table  # noqa: PT017 - either answer is right
            finally:
                step.rollback()
            for statement in (
                f"delete {where}",
                f"update {table} set {key} = {key} where {key} = any (:ids)",
            ):
                step = connection.begin_nested()
                try:
                    assert connection.execute(text(statement), {"ids": ids}).rowcount == 0, statement
                except ProgrammingError as error:
                    assert sqlstate(error) in DENIED, statement  # noqa: PT017 - either answer is right
                finally:
                    step.rollback()
    assert tried > 40


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_row_of_ones_own_is_given_to_another_place(world, attacker, tables, audience):
    connection = attacker(audience)
    strangers = places(world, audience)
    for table, columns in tables.items():
        for key, ids in strangers.items():
            if key not in columns or "update" not in GRANTS.get(table, {}).get(audience, {}):
                continue
            found = (
                connection.execute(text(f"select count(*) from {table}")).scalar_one()
                if "select" in (GRANTS[table][audience])
                else 0
            )
            state = refused(connection, f"update {table} set {key} = :other", other=ids[0])
            # A key that somebody has is a clash; such a key is a random number that nobody can guess.
            assert state in (*DENIED, "23505", "23503") or found == 0, f"{table}: {state or 'moved'}"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_climbs_nowhere(attacker, audience):
    """The login it came from lets it be another web audience (said in docs/security.md); nothing beyond."""
    for role in WORKERS:
        assert refused(attacker(audience), f"set local role {role}") in DENIED, role
    for statement in (
        "set local session authorization postgres",
        "alter table public.parent disable row level security",
        "alter table public.parent owner to wb_school",
        "drop policy parent_school_select on public.parent",
        "create table public.mine (x int)",
        "create function public.mine() returns int language sql as 'select 1'",
        "create schema mine",
        "create temporary table mine (x int)",
        "truncate public.parent",
        "alter role wb_web superuser",
        "grant wb_owner to wb_web",
        "copy (select 1) to program 'id'",
        "copy (select 1) to '/tmp/out'",
        "copy public.school_task from '/etc/passwd'",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('/')",
        "select lo_import('/etc/passwd')",
        "select rolpassword from pg_authid",
        "select * from pg_hba_file_rules",
        "select pg_reload_conf()",
        "set local row_security = off; select * from identity.account",
    ):
        assert refused(attacker(audience), statement) in DENIED, statement


@pytest.mark.parametrize("audience", AUDIENCES)
def test_who_signs_in_how_is_nobodys_to_read(attacker, tables, audience):
    connection = attacker(audience)
    identity = [table for table in tables if table.startswith("identity.")]
    assert len(identity) >= 7
    for table in identity:
        for statement in (f"select * from {table}", f"delete from {table}"):
            assert refused(connection, statement) in DENIED, statement


@pytest.mark.parametrize("audience", AUDIENCES)
def test_functions_of_others_cannot_be_called(attacker, stack, audience):
    allowed = {name for name, roles in read_file()["function"].items() if audience in roles}
    if audience == "wb_dsl":
        allowed |= {name for name, roles in read_file()["function"].items() if "wb_school" in roles}
    connection = attacker(audience)
    rows = connection.execute(
        text(
            "select n.nspname || '.' || p.proname, p.oid, has_function_privilege(p.oid, 'execute') from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'identity')"
        )
    ).all()
    assert {name for name, _, may in rows if may} == allowed


@pytest.mark.parametrize("audience", AUDIENCES)
def test_statistics_show_no_statement_and_no_value_of_anybody(world, attacker, audience):
    connection = attacker(audience)
    seen = connection.execute(
        text(
            "select query from pg_stat_activity where usename is distinct from 'wb_web' and query is not null"
        )
    ).scalars()
    assert {query for query in seen if query} <= {"<insufficient privilege>"}
    values = connection.execute(
        text(
            "select coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') from pg_stats"
            " where schemaname in ('public', 'identity', 'published')"
        )
    ).scalars()
    canary = world.other_school.canary
    assert not [value for value in values if canary in value]


def test_a_unique_rule_tells_nothing_of_another_school(world, attacker):
    """The same address in two schools is no clash; a clash inside a school names no value."""
    connection = attacker("wb_school")
    step = connection.begin_nested()
    mine, other = new_id(), world.sibling_school.people["parent"]
    connection.execute(
        text(
            "insert into parent (school_id, id, stage_changed_at, created_at) values (:s, :p, now(), now())"
        ),
        {"s": world.school.school_id, "p": mine},
    )
    contact = text(
        "insert into parent_contact (school_id, parent_id, first_name, last_name, email) values (:s, :p, 'A', 'B', :e)"
    )
    connection.execute(contact, {"s": world.school.school_id, "p": mine, "e": other.email})
    step.rollback()
    # The key of a row in another school is free here too.
    step = connection.begin_nested()
    connection.execute(
        text(
            "insert into parent (school_id, id, stage_changed_at, created_at) values (:s, :p, now(), now())"
        ),
        {"s": world.school.school_id, "p": other.person_id},
    )
    step.rollback()


def test_a_key_of_another_school_cannot_be_pointed_to(world, attacker):
    connection = attacker("wb_school")
    for parent in (world.sibling_school.people["parent"].person_id, new_id()):
        step = connection.begin_nested()
        with pytest.raises(IntegrityError) as caught:
            connection.execute(
                text("insert into recruitment_profile (school_id, parent_id) values (:school, :parent)"),
                {"school": world.school.school_id, "parent": parent},
            )
        step.rollback()
        assert sqlstate(caught.value) == "23503"


def test_the_login_alone_reads_nothing(stack, world, tables):
    engine = create_engine(sqlalchemy_url(stack.url("wb_web")))
    with engine.connect() as connection:
        for table in tables:
            assert refused(connection, f"select * from {table}") in DENIED, table
    engine.dispose()


def test_what_the_web_login_could_do_is_known(world, attacker):
    """The limit, kept in sight: an injected statement may move the web login to another school. Not to a worker."""
    connection = attacker("wb_school")
    connection.execute(
        text("select set_config('app.school', :other, true)"), {"other": str(world.sibling_school.school_id)}
    )
    assert connection.execute(text("select count(*) from parent")).scalar_one() > 0


def test_who_leads_is_told_to_the_parents_of_that_group_alone(world, attacker):
    """Whatever place and person a statement names: first names, and only of the group in which that parent is."""
    connection = attacker("wb_parent")
    asked = text("select cohort_id, names from app.my_leaders()")
    mine = world.school.ids["cohort_id"]
    assert [tuple(row) for row in connection.execute(asked)] == [(mine, ["facilitator"])]
    for person in (
        world.sibling_school.people["parent"],
        world.other_school.people["parent"],
        world.school.people["graduate"],
    ):
        # In this school, as somebody of another school, or of no group that runs.
        connection.execute(text("select set_config('app.person', :id, true)"), {"id": str(person.person_id)})
        assert connection.execute(asked).all() == []
    for statement in ("select app.leader_names(:id)", "select name from facilitator where id = :id"):
        state = refused(connection, statement, id=mine)
        assert state in DENIED or not connection.execute(text(statement), {"id": mine}).all()
