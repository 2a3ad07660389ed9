"""Who may do what to which rows: as the live database has it, and as tenants/who_sees_what.toml says it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

FILE = Path(__file__).parents[2] / "tenants" / "who_sees_what.toml"
#: The owner changes tables and a policy of its own lets it; it serves nobody.
NOT_AN_AUDIENCE = ("wb_owner",)

#: table -> role -> verb -> rows. A verb in brackets is what a row must be after an update.
Grants = dict[str, dict[str, dict[str, str]]]

_POLICIES = text(
    "select schemaname || '.' || tablename, array_to_string(roles, ','), lower(cmd), qual, with_check"
    " from pg_policies where schemaname in ('public', 'published', 'identity') order by 1, 2, 3"
)
# The catalogue itself: the views of information_schema take seconds over the same question.
_TABLE_GRANTS = text(
    "select n.nspname || '.' || c.relname, r.rolname::text, lower(a.privilege_type) from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(c.relacl) a, pg_roles r"
    " where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname in ('public', 'published', 'identity')"
    " and r.oid = a.grantee and r.rolname like 'wb\\_%' order by 1, 2, 3"
)
_COLUMN_GRANTS = text(
    "select n.nspname || '.' || c.relname, r.rolname::text, lower(a.privilege_type),"
    " string_agg(t.attname::text, ', ' order by t.attname) from pg_attribute t join pg_class c on c.oid = t.attrelid"
    " join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(t.attacl) a, pg_roles r"
    " where n.nspname in ('public', 'published', 'identity') and r.oid = a.grantee and r.rolname like 'wb\\_%'"
    " group by 1, 2, 3 order by 1, 2, 3"
)
_FUNCTIONS = text(
    "select n.nspname || '.' || p.proname, coalesce(array_agg(distinct r.rolname order by r.rolname)"
    " filter (where r.rolname is not null), '{}') from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " left join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a on a.privilege_type = 'EXECUTE'"
    " and a.grantee <> p.proowner left join pg_roles r on r.oid = a.grantee"
    " where n.nspname in ('app', 'identity') group by n.nspname, p.oid, p.proname order by 1"
)
_FOR_EVERYBODY = text(
    "select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace,"
    " lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
    " where a.grantee = 0 and n.nspname in ('app', 'identity')"
)


def squeezed(expression: str) -> str:
    return " ".join(expression.split())


def live_grants(connection: Connection, words: Mapping[str, str]) -> Grants:
    """The database's own account. `words`: row condition -> what the file calls it; unknown ones stay as they are."""
    found: Grants = {}
    policies: dict[tuple[str, str, str], tuple[str | None, str | None]] = {}
    for table, roles, verb, using, check in connection.execute(_POLICIES):
        for role in roles.split(","):
            if role not in NOT_AN_AUDIENCE:
                if (table, role, verb) in policies:
                    raise AssertionError(f"{table}: {role} has two policies for {verb}, which would add up")
                policies[table, role, verb] = (using, check)
    granted = [(*row, "") for row in connection.execute(_TABLE_GRANTS)]
    granted += [tuple(row) for row in connection.execute(_COLUMN_GRANTS)]
    for table, role, verb, columns in granted:
        if role in NOT_AN_AUDIENCE:
            continue
        using, check = policies.pop((table, role, verb), (None, None))
        entry = found.setdefault(table, {}).setdefault(role, {})
        rows = using if verb != "insert" else check
        entry[verb] = _in_words(rows, words)
        if verb == "update" and check != using:
            entry["update to"] = _in_words(check, words)
        if columns:
            entry[f"{verb} only"] = columns
    for table, role, verb in policies:
        found.setdefault(table, {}).setdefault(role, {})[verb] = "a policy without a grant"
    return found


def _in_words(rows: str | None, words: Mapping[str, str]) -> str:
    return "all rows, no policy" if rows is None else words.get(squeezed(rows), squeezed(rows))


def live_functions(connection: Connection) -> dict[str, list[str]]:
    """Function -> roles that may call it, beside its owner."""
    if open_to_all := connection.execute(_FOR_EVERYBODY).scalars().all():
        raise AssertionError(f"anybody may call {open_to_all}")
    found: dict[str, list[str]] = {}
    for name, roles in connection.execute(_FUNCTIONS):
        found[name] = sorted(set(found.get(name, [])) | (set(roles) - set(NOT_AN_AUDIENCE)))
    return found


def read_file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


def words_of(file: Mapping[str, Any]) -> dict[str, str]:
    """Row condition, as the database prints it -> the file's words for it."""
    return {squeezed(entry["is"]): name for name, entry in file["rows"].items()}


def file_grants(file: Mapping[str, Any]) -> Grants:
    return {
        table: {role: dict(verbs) for role, verbs in entry.items() if role != "holds"}
        for table, entry in file["table"].items()
    }
