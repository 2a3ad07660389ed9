"""The laws of the catalogue: each looks at the live database and says, in words, what breaks it. Nothing is right.

test_gate.py holds the database to them and plants, for each, what it must see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from tenants.roles import LOGINS, SILENT
from tenants.scope import WEB_AUDIENCES
from tests.isolation.grants import read_file

Law = Callable[[Connection], list[str]]

TENANT_KEYS = ("school_id", "authority_id")
OURS = ("public", "published", "identity", "app")
AUDIENCES = tuple(audience.value for audience in WEB_AUDIENCES)
ROLES = (*AUDIENCES, *LOGINS, *SILENT)
#: Tables that belong to no school and no authority; whoever adds one says so here.
NOBODYS = {
    "public.alembic_version", "public.register_school", "public.register_import",
    # What a number asked of everybody; keyed digests, no words, for the workers alone.
    "public.heard_text", "public.stopped_number",
    # What Notify said by itself, until a worker has taken it in; the web server writes it and reads none.
    "public.delivery_said", "public.text_said",
    # Until when Notify takes no more emails or texts of the service.
    "public.channel_hold",
}  # fmt: skip

_TABLES = text(
    "select n.nspname || '.' || c.relname as name, c.relkind::text as kind, c.relrowsecurity and c.relforcerowsecurity"
    " as forced, array_agg(a.attname::text) as columns from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    " where n.nspname in ('public', 'published') and c.relkind in ('r', 'p', 'f') group by 1, 2, 3 order by 1"
)


def _rows(connection: Connection, statement: str, **values: object) -> list[Any]:
    return list(connection.execute(text(statement), values))


def tenant_tables(connection: Connection) -> dict[str, str]:
    """Table -> the column that says whose a row is."""
    return {
        row.name: next(key for key in TENANT_KEYS if key in row.columns)
        for row in connection.execute(_TABLES)
        if set(TENANT_KEYS) & set(row.columns)
    }


def tables_are_protected(connection: Connection) -> list[str]:
    """Row security is on and forced; a table of nobody's is a named exception."""
    problems = []
    for row in connection.execute(_TABLES):
        if not set(TENANT_KEYS) & set(row.columns):
            if row.name not in NOBODYS:
                problems.append(f"{row.name} says of no row whose it is")
        elif not row.forced:
            problems.append(f"{row.name} is not under forced row security")
    return problems


def rights_have_policies(connection: Connection) -> list[str]:
    """Each right on a tenant's table has its own policy: `using` for what is read, `with check` for what is written."""
    policies: dict[tuple[str, str, str], tuple[bool, bool]] = {}
    problems = []
    for row in _rows(
        connection,
        "select schemaname || '.' || tablename as name, roles::text[] as roles, lower(cmd) as verb, permissive,"
        " qual is not null as using, with_check is not null as check from pg_policies",
    ):
        for role in row.roles:
            if role not in ROLES or (row.verb == "all" and role != "wb_owner"):
                problems.append(f"{row.name}: a policy for {row.verb} to {role}")
            policies[row.name, role, row.verb] = (row.using, row.check)
    tenants = tenant_tables(connection)
    for row in _rows(
        connection,
        "select n.nspname || '.' || c.relname as name, r.rolname as role, lower(a.privilege_type) as verb"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " left join pg_attribute t on t.attrelid = c.oid and t.attacl is not null,"
        " lateral (select * from aclexplode(c.relacl) union select * from aclexplode(t.attacl)) a"
        " join pg_roles r on r.oid = a.grantee where n.nspname in ('public', 'published')"
        " and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') and r.rolname <> 'wb_owner'"
        " group by 1, 2, 3",
    ):
        if row.name not in tenants:
            continue
        using, check = policies.get((row.name, row.role, row.verb), (False, False))
        if not (using or row.verb == "insert") or not (check or row.verb in ("select", "delete")):
            problems.append(f"{row.name}: {row.role} may {row.verb} without a policy that says which rows")
    return problems


def keys_lead_with_the_tenant(connection: Connection) -> list[str]:
    """Primary, foreign and unique keys, and unique indexes of any kind, begin with the school or the authority."""
    tenants = tenant_tables(connection)
    problems = []
    for row in _rows(
        connection,
        "select n.nspname || '.' || c.relname as name, i.relname as rule, coalesce(a.attname::text, '(an expression)')"
        " as leading from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid"
        " join pg_namespace n on n.oid = c.relnamespace"
        " left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]"
        " where (x.indisunique or x.indisexclusion) and n.nspname in ('public', 'published')",
    ):
        if row.name in tenants and row.leading not in TENANT_KEYS:
            problems.append(
                f"{row.rule} of {row.name} is unique over all tenants: it leads with {row.leading}"
            )
    for row in _rows(
        connection,
        "select n.nspname || '.' || c.relname as name, k.conname as rule, pn.nspname || '.' || p.relname as parent,"
        " a.attname::text as leading, b.attname::text as target from pg_constraint k"
        " join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace"
        " join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]"
        " join pg_attribute b on b.attrelid = p.oid and b.attnum = k.confkey[1]"
        " where k.contype = 'f' and n.nspname in ('public', 'published')",
    ):
        if row.name not in tenants or row.parent not in tenants:
            continue
        if row.leading not in TENANT_KEYS or row.leading != row.target:
            problems.append(f"{row.rule} of {row.name} leads with {row.leading} and may cross tenants")
    return problems


def nothing_goes_round(connection: Connection) -> list[str]:
    """No view, no stored copy, no rule, no foreign table; functions with their owner's rights are in the file."""
    listed = read_file()["function"]
    problems = [
        f"{row.name} is a {row.kind}"
        for row in _rows(
            connection,
            "select n.nspname || '.' || c.relname as name, case c.relkind when 'v' then 'view' when 'm' then"
            " 'materialised view' else 'foreign table' end as kind from pg_class c join pg_namespace n"
            " on n.oid = c.relnamespace where c.relkind in ('v', 'm', 'f')"
            " and n.nspname not in ('pg_catalog', 'information_schema')",
        )
    ]
    problems += [
        f"{row.name} is changed by a rule"
        for row in _rows(
            connection,
            "select c.oid::regclass::text as name from pg_rewrite w join pg_class c on c.oid = w.ev_class"
            " where c.relkind not in ('v', 'm') and w.oid >= 16384",
        )
    ]
    for row in _rows(
        connection,
        "select n.nspname || '.' || p.proname as name, r.rolname as owner, r.rolsuper or r.rolbypassrls"
        " or r.rolcanlogin as strong, p.proconfig, p.prosecdef from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " join pg_roles r on r.oid = p.proowner where n.nspname not in ('pg_catalog', 'information_schema')",
    ):
        if row.name not in listed:
            problems.append(f"{row.name} is not in who_sees_what.toml")
        if row.prosecdef and (row.owner not in SILENT or row.strong):
            problems.append(f"{row.name} runs with the rights of {row.owner}")
        if row.prosecdef and row.proconfig != ["search_path=pg_catalog, pg_temp"]:
            problems.append(f"{row.name} looks for names where its caller says")
    extensions = {row.extname for row in _rows(connection, "select extname from pg_extension")}
    return problems + [f"extension {name} is there" for name in sorted(extensions - {"plpgsql"})]


def nobody_may_more(connection: Connection) -> list[str]:
    """No TRUNCATE, REFERENCES, TRIGGER, MAINTAIN, sequence, CREATE, grant option or right of everybody."""
    problems = [
        f"{row.role} may {row.verb} {row.name}"
        for row in _rows(
            connection,
            "select coalesce(r.rolname, 'everybody') as role, lower(a.privilege_type) as verb,"
            " c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace,"
            " lateral aclexplode(c.relacl) a"
            " left join pg_roles r on r.oid = a.grantee where n.nspname = any (:ours) and a.grantee <> c.relowner"
            " and (a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') or c.relkind = 'S'"
            " or a.is_grantable or a.grantee = 0)",
            ours=list(OURS),
        )
    ]
    problems += [
        f"{row.role} may create in {row.name}"
        for row in _rows(
            connection,
            "select r.rolname as role, n.nspname as name from pg_namespace n, pg_roles r where r.rolname = any (:roles)"
            " and n.nspname = any (:ours) and has_schema_privilege(r.oid, n.oid, 'create')",
            # Who owns a function must be able to create it; nobody logs in as these, and they own nothing else.
            roles=[role for role in ROLES if role not in ("wb_owner", *SILENT)],
            ours=list(OURS),
        )
    ]
    problems += [
        f"{row.role} has {row.right} on the database"
        for row in _rows(
            connection,
            "select r.rolname as role, p.word as right from pg_roles r, (values ('create'), ('temporary')) p(word)"
            " where r.rolname = any (:roles) and r.rolname <> 'wb_owner'"
            " and has_database_privilege(r.oid, current_database(), p.word)",
            roles=list(AUDIENCES),
        )
    ]
    for what, statement in (
        ("what will be made is granted in advance", "select 1 from pg_default_acl d, lateral aclexplode(d.defaclacl) a"
         " left join pg_roles r on r.oid = a.grantee where a.grantee <> d.defaclrole"),
        ("there is a large object", "select 1 from pg_largeobject_metadata"),
        ("there is a foreign server", "select 1 from pg_foreign_server"),
        ("there is an event trigger", "select 1 from pg_event_trigger"),
        ("somebody is told of changes by a publication", "select 1 from pg_publication"),
    ):  # fmt: skip
        if _rows(connection, statement):
            problems.append(what)
    return problems


def logins_are_weak(connection: Connection) -> list[str]:
    """Logins inherit nothing, may become what their work needs, own nothing and read nothing by themselves."""
    problems = []
    for row in _rows(
        connection,
        "select rolname, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication as strong,"
        " rolinherit, rolcanlogin from pg_roles where rolname like 'wb\\_%'",
    ):
        if row.rolname not in ROLES:
            problems.append(f"{row.rolname} is nobody that we know")
        if row.strong:
            problems.append(f"{row.rolname} is too strong")
        if row.rolcanlogin != (row.rolname in LOGINS):
            problems.append(f"{row.rolname} may log in, or may not")
        if row.rolinherit and row.rolname != "wb_dsl":
            problems.append(f"{row.rolname} inherits")
    expected = {("wb_web", audience, False, True, False) for audience in AUDIENCES}
    expected |= {("wb_owner", role, False, True, False) for role in SILENT}
    expected.add(("wb_dsl", "wb_school", True, False, False))
    found = {
        tuple(row)
        for row in _rows(
            connection,
            "select m.rolname::text, g.rolname::text, a.inherit_option, a.set_option, a.admin_option"
            " from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid"
            " where m.rolname like 'wb\\_%' or g.rolname like 'wb\\_%'",
        )
    }
    for row in sorted(found ^ expected):
        problems.append(f"{row[0]} as {row[1]}: inherit {row[2]}, set {row[3]}, admin {row[4]}")
    for row in _rows(
        connection,
        "select c.oid::regclass::text as name, r.rolname as role from pg_class c join pg_namespace n"
        " on n.oid = c.relnamespace, pg_roles r where n.nspname in ('public', 'published', 'identity')"
        " and c.relkind in ('r', 'p', 'v', 'm', 'f') and (r.rolname = 'wb_web' and (has_table_privilege(r.oid, c.oid,"
        " 'select, insert, update, delete') or has_any_column_privilege(r.oid, c.oid, 'select, insert, update'))"
        " or c.relowner = r.oid and r.rolname like 'wb\\_%' and r.rolname <> 'wb_owner')",
    ):
        problems.append(f"{row.role} has {row.name} without being anybody")
    return problems


#: Rows of one table that hang on another are looked up once, in a hash, not per row.
LOOKS_ASIDE = {
    *(f"facilitator_application_parent_{verb}" for verb in ("select", "insert", "update")),
    "facilitator_event_parent_insert",
}


def policies_are_asked_once(connection: Connection) -> list[str]:
    """Each condition of each policy is explained: whose the reader is comes from an InitPlan, never row by row."""
    problems = []
    for row in _rows(
        connection,
        "select format('%I.%I', schemaname, tablename) as name, policyname, qual, with_check from pg_policies",
    ):
        for condition in {row.qual, row.with_check} - {None, "true"}:
            problems += [
                f"{row.policyname}: {line}"
                for line in _slow_lines(connection, row.name, condition)
                if not (row.policyname in LOOKS_ASIDE and "hashed SubPlan" in line)
            ]
    return problems


def _slow_lines(connection: Connection, table: str, condition: str) -> Iterator[str]:
    # As a column, the condition is planned as in a policy: it is not turned into a join.
    statement = f"explain (verbose, costs off) select ({condition}) from {table}"
    plan = list(connection.exec_driver_sql(statement.replace("%", "%%")).scalars())
    if "app." in condition and not any("InitPlan" in line for line in plan):
        yield "has no InitPlan"
    output = plan[1]
    if any(word in output for word in ("app.", "current_setting", "SubPlan", "EXISTS")):
        yield output.strip()


LAWS: tuple[Law, ...] = (
    tables_are_protected,
    rights_have_policies,
    keys_lead_with_the_tenant,
    nothing_goes_round,
    nobody_may_more,
    logins_are_weak,
    policies_are_asked_once,
)
