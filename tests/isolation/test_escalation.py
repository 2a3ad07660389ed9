"""An injected statement tries to become somebody else, to leave something behind, to reach the server, or to read what
the server knows of others. As each web audience, in a school's place.

What it can do, because one login serves everybody, is kept in sight at the end of test_raw_sql.py.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.isolation.test_raw_sql import AUDIENCES, attacker  # noqa: F401 - a fixture
from tests.support.reading import sqlstate

#: SQLSTATEs that say "you may not", "there is no such thing" and "not here".
NO = {"42501", "42P01", "42883", "42704", "3F000", "0A000", "25001", "22023", "58P01", "42P17"}

BECOME = (
    "set session authorization postgres",
    "set session authorization wb_owner",
    "set session authorization wb_dispatch",
    "set role postgres",
    "set role wb_owner",
    "set role wb_identity",
    "set role wb_helper",
    "set role wb_documents",
    "set local role wb_rollup",
    "select set_config('role', 'wb_owner', false)",
    "select set_config('role', 'postgres', true)",
    "select set_config('session_authorization', 'postgres', true)",
    "do $$ begin set local role wb_owner; end $$",
    "do $$ begin execute 'set local role wb_dispatch'; end $$",
    "do $$ begin perform set_config('role', 'wb_identity', true); end $$",
    "alter role wb_school superuser",
    "alter role wb_web bypassrls",
    "create role mine login superuser",
    "grant wb_owner to wb_web",
    "grant postgres to current_user",
    "grant select on identity.account to current_user",
    "alter table parent owner to current_user",
    "alter function app.school_id() owner to current_user",
    "reassign owned by wb_owner to current_user",
    "alter default privileges for role wb_owner grant all on tables to public",
    "set local row_security = off; select * from parent_contact",
    "alter table parent disable row level security",
    "alter policy parent_school_select on parent using (true)",
    "drop policy parent_school_select on parent",
    "create policy wide on parent for select using (true)",
    "security label on table parent is 'x'",
)
LEAVE = (
    "create table public.mine (x int)",
    "create temporary table mine (x int)",
    "create temporary table parent as select 1",
    "create temporary view mine as select 1",
    "select 1 as x into mine",
    "create schema mine",
    "create function pg_temp.school_id() returns uuid language sql as 'select null::uuid'",
    "create function public.f() returns int language sql security definer as 'select 1'",
    "create or replace function app.school_id() returns uuid language sql as 'select gen_random_uuid()'",
    "create operator = (procedure = uuid_eq, leftarg = uuid, rightarg = uuid)",
    "create extension dblink",
    "create extension postgres_fdw",
    "create trigger t before update on parent for each row execute function suppress_redundant_updates_trigger()",
    "create rule r as on select to parent do instead select 1",
    "create publication p for all tables",
    "create statistics s on school_id, id from parent",
    "create event trigger e on ddl_command_end execute function f()",
    "create language plpython3u",
    "create aggregate a (int) (sfunc = int4pl, stype = int)",
    "comment on table parent is 'x'",
    "lock table identity.account in access exclusive mode",
    "truncate parent",
    "truncate outbox cascade",
    "drop table parent",
    "vacuum parent",
    "select nextval('anything')",
)
REACH = (
    "copy (select 1) to program 'id'",
    "copy (select 1) to '/tmp/out'",
    "copy school_task from program 'id'",
    "copy school_task from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select pg_ls_waldir()",
    "select pg_stat_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/out')",
    "select dblink('', 'select 1')",
    "select pg_file_write('/tmp/out', 'x', false)",
    "select pg_reload_conf()",
    "select pg_rotate_logfile()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "alter system set log_statement = 'all'",
    "set log_statement = 'all'",
    "set session_preload_libraries = 'x'",
    "set local log_min_messages = debug5",
    "load 'x'",
    "checkpoint",
    "create subscription s connection 'host=198.51.100.1' publication p",
    "create server s foreign data wrapper w",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename <> 'wb_web' and usename is not null",
)
KNOW = (
    "select * from pg_authid",
    "select * from pg_shadow",
    "select * from pg_statistic",
    "select * from pg_statistic_ext_data",
    "select * from pg_hba_file_rules",
    "select * from pg_file_settings",
    "select * from pg_user_mapping",
    "select * from pg_subscription",
    "select * from pg_largeobject",
    "select * from pg_stat_statements",
    "select * from pg_backend_memory_contexts",
    "select pg_stat_get_backend_activity(1), rolpassword from pg_authid",
)


def outcome(connection, statement: str) -> str:
    """The SQLSTATE, or '' when the statement was carried out."""
    step = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement.replace("%", "%%"))
    except DBAPIError as error:
        return sqlstate(error)
    finally:
        if step.is_active:
            step.rollback()
    return ""


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("tricks", [BECOME, LEAVE, REACH, KNOW], ids=["become", "leave", "reach", "know"])
def test_nothing_of_it_works(attacker, audience, tricks, record_property):  # noqa: F811
    record_property("statements", len(tricks))
    connection = attacker(audience)
    worked = {statement: state for statement in tricks if (state := outcome(connection, statement)) not in NO}
    worked.pop("vacuum parent", None) if worked.get("vacuum parent") in ("25001", "") else None
    assert worked == {}


CALLED = {
    "wb_parent": "select app.joined_cohort_ids()",
    "wb_facilitator": "select app.led_cohort_ids()",
    "wb_authority": "select app.authority_school_ids()",
    "wb_officer": "select app.authority_school_ids()",
    "wb_school": "select app.sharing_parent_ids()",
    "wb_dsl": "select app.sharing_parent_ids()",
}


@pytest.mark.parametrize(("audience", "called"), CALLED.items())
def test_a_shadow_changes_no_function_that_runs_with_its_owners_rights(attacker, audience, called):  # noqa: F811
    """A search path of one's own, before and inside the call, is not looked at by it."""
    connection = attacker(audience)
    before = connection.execute(text(called)).scalars().all()
    for path in ("pg_temp, public, pg_catalog", "identity, published, public", ""):
        connection.execute(text("select set_config('search_path', :path, true)"), {"path": path})
        assert connection.execute(text(called)).scalars().all() == before
    rows = connection.execute(
        text("select set_config('search_path', 'pg_temp', true) as path, (" + called + " limit 1) as found")
    ).all()
    assert len(rows) == 1


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_the_server_says_of_others_holds_no_row_of_theirs(world, attacker, audience):  # noqa: F811
    """Statistics, plans, other sessions, sizes: no value of another school stands in any of them."""
    connection = attacker(audience)
    said = []
    for statement in (
        "select most_common_vals::text || histogram_bounds::text from pg_stats"
        " where schemaname in ('public', 'identity', 'published')",
        "select query from pg_stat_activity where pid <> pg_backend_pid()",
        "select qual || with_check from pg_policies",
        "select prosrc from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app'",
        "select setting from pg_settings where name like 'app.%'",
        "select description from pg_description where objoid >= 16384",
        "select statement from pg_prepared_statements",
        "select statement from pg_cursors",
        "select transaction || gid from pg_prepared_xacts",
    ):
        step = connection.begin_nested()
        try:
            said += [
                str(value) for value in connection.exec_driver_sql(statement.replace("%", "%%")).scalars()
            ]
        except DBAPIError as error:
            assert sqlstate(error) in NO, statement  # noqa: PT017 - either answer is right
        finally:
            step.rollback()
    canaries = {school.canary for school in (world.sibling_school, *world.other_authority.schools)}
    canaries |= {str(world.sibling_school.school_id), world.sibling_school.parent.email}
    assert not [word for word in canaries for value in said if word in value]


#: Ways to move to another school inside one statement, before, beside or after the rows are read.
MOVES = (
    "with moved as materialized (select set_config('app.school', :other, true)) select count(*) from parent, moved",
    "select count(*) from parent where set_config('app.school', :other, true) is not null",
    "select (select count(*) from parent) from (select set_config('app.school', :other, true)) moved",
    "select count(*) filter (where set_config('app.school', :other, true) is not null) from parent",
    "select count(*) from parent order by set_config('app.school', :other, true)",
    "with a as (select set_config('app.school', :other, true) s), b as (select count(*) n from parent) select b.n"
    " from a, b",
    "select count(*) from parent p join lateral (select set_config('app.school', :other, true)) m on true",
)


@pytest.mark.parametrize("number", range(len(MOVES)))
def test_a_statement_that_moves_reads_one_school_or_the_other_never_both(world, attacker, number):  # noqa: F811
    """The limit, exactly: an injected statement may change the setting, and then reads rows of one school.

    The condition is worked out once; no trick of order makes it look at two.
    """
    connection = attacker("wb_school")
    mine = connection.execute(text("select count(*) from parent")).scalar_one()
    ids = set(connection.execute(text("select school_id from parent")).scalars())
    assert ids == {world.school.school_id}
    other = {"other": str(world.sibling_school.school_id)}
    found = connection.execute(text(MOVES[number]), other).scalar_one_or_none()
    assert found in (None, 0, mine)
    # Afterwards it is in the other school alone.
    assert set(connection.execute(text("select school_id from parent")).scalars()) <= {
        world.school.school_id,
        world.sibling_school.school_id,
    }
    assert len(set(connection.execute(text("select school_id from parent")).scalars())) == 1


def test_the_scope_ends_with_the_transaction(world, attacker):  # noqa: F811
    """Whatever an injected statement set for the transaction is gone with it, also for who comes next on the line."""
    connection = attacker("wb_school")
    connection.execute(
        text("select set_config('app.school', :other, true)"), {"other": str(world.sibling_school.school_id)}
    )
    connection.commit()
    role, school = connection.exec_driver_sql(
        "select current_user::text, current_setting('app.school', true)"
    ).one()
    assert (role, school or "") == ("wb_web", "")
    assert outcome(connection, "select * from public.parent") in NO
