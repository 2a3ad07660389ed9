"""Every way in which one wall could be missing, as a statement on a copy of the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Connection, text

from tenants.scope import WEB_AUDIENCES

TENANT_KEYS = ("school_id", "authority_id")


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: str
    name: str
    statements: tuple[str, ...]


def _quoted(*names: str) -> str:
    return sql.Identifier(*names).as_string(None)


def policies(connection: Connection) -> Iterator[Mutant]:
    """Each policy dropped, and each part of it let go."""
    rows = connection.execute(
        text(
            "select schemaname, tablename, policyname, qual, with_check from pg_policies"
            " where policyname not like '%\\_owner' order by 1, 2, 3"
        )
    ).all()
    for schema, table, policy, using, check in rows:
        where = f"{_quoted(policy)} on {_quoted(schema, table)}"
        yield Mutant("policy dropped", policy, (f"drop policy {where}",))
        if using not in (None, "true"):
            yield Mutant("using let go", policy, (f"alter policy {where} using (true)",))
        if check not in (None, "true"):
            yield Mutant("with check let go", policy, (f"alter policy {where} with check (true)",))


def row_security(connection: Connection) -> Iterator[Mutant]:
    for schema, table in connection.execute(
        text(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and c.relrowsecurity order by 1, 2"
        )
    ):
        name = _quoted(schema, table)
        yield Mutant("row security off", table, (f"alter table {name} disable row level security",))
        yield Mutant("owner not forced", table, (f"alter table {name} no force row level security",))


def grants(connection: Connection) -> Iterator[Mutant]:
    """Each audience gets each table that it may not read, with a policy that lets it see all."""
    tables = connection.execute(
        text(
            "select schemaname, tablename from pg_tables where schemaname in ('public', 'identity', 'published')"
        )
    ).all()
    for schema, table in sorted(tuple(row) for row in tables):
        for audience in WEB_AUDIENCES:
            role = audience.value
            name = f"{schema}.{table}"
            if connection.execute(
                text("select has_table_privilege(:role, :name, 'select')"), {"role": role, "name": name}
            ).scalar_one():
                continue
            yield Mutant(
                "grant added", f"{role} {name}", (f"grant select on {_quoted(schema, table)} to {role}",)
            )


def functions(connection: Connection) -> Iterator[Mutant]:
    """Each function of the silent owners is opened to parents, or to everybody."""
    rows = connection.execute(
        text(
            "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname in ('app', 'identity') and p.prosecdef order by 1"
        )
    ).scalars()
    for signature in rows:
        yield Mutant("function for all", signature, (f"grant execute on function {signature} to public",))
        yield Mutant("path not fixed", signature, (f"alter function {signature} reset search_path",))


def keys(connection: Connection) -> Iterator[Mutant]:
    """Each key of several columns loses its tenant, and each unique rule too."""
    rows = connection.execute(
        text(
            "select n.nspname, c.relname, k.conname, k.contype::text, pn.nspname, p.relname,"
            " array(select a.attname::text from unnest(k.conkey) with ordinality u(n, i)"
            "   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.i),"
            " array(select a.attname::text from unnest(k.confkey) with ordinality u(n, i)"
            "   join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.i)"
            " from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace"
            " left join pg_class p on p.oid = k.confrelid left join pg_namespace pn on pn.oid = p.relnamespace"
            " where k.contype in ('f', 'u') and n.nspname in ('public', 'published') order by 1, 2, 3"
        )
    ).all()
    for schema, table, name, kind, parent_schema, parent, columns, targets in rows:
        if len(columns) < 2 or columns[0] not in TENANT_KEYS:
            continue
        where, constraint = _quoted(schema, table), _quoted(name)
        drop = f"alter table {where} drop constraint {constraint}"
        if kind == "u":
            rest = ", ".join(map(_quoted, columns[1:]))
            yield Mutant(
                "unique without tenant",
                name,
                (drop, f"alter table {where} add constraint {constraint} unique ({rest})"),
            )
        else:
            # A key to one column needs a unique column to point to.
            there = _quoted(parent_schema, parent)
            yield Mutant(
                "foreign key without tenant",
                name,
                (
                    drop,
                    f"create unique index mutant on {there} ({_quoted(targets[-1])})",
                    f"alter table {where} add constraint {constraint} foreign key ({_quoted(columns[-1])})"
                    f" references {there} ({_quoted(targets[-1])}) not valid",
                ),
            )


def memberships(connection: Connection) -> Iterator[Mutant]:
    for audience in WEB_AUDIENCES:
        yield Mutant(
            "login inherits", audience.value, (f"grant {audience.value} to wb_web with inherit true",)
        )
    for table in ("public.parent", "identity.account", "published.release"):
        yield Mutant("login reads", table, (f"grant select on {table} to wb_web",))
        yield Mutant("may empty", table, (f"grant truncate on {table} to wb_school",))


KINDS = (policies, row_security, grants, functions, keys, memberships)


def list_mutants(connection: Connection) -> list[Mutant]:
    return [mutant for kind in KINDS for mutant in kind(connection)]
