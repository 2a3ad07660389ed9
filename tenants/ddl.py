"""Words for migrations: protect a table, and say which audience may do what to which rows.

A migration is history: once released, change access by a new migration, never here and never there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Row conditions. Each wraps its function in a sub-select so that it is worked out once per statement.
SCHOOL = "school_id = (select app.school_id())"
AUTHORITY = "authority_id = (select app.authority_id())"
SCHOOLS_OF_AUTHORITY = "school_id = any ((select app.authority_school_ids())::uuid[])"
OWN_PARENT = f"{SCHOOL} and parent_id = (select app.person_id())"
LED_COHORT = f"{SCHOOL} and cohort_id = any ((select app.led_cohort_ids())::uuid[])"
JOINED_COHORT = f"{SCHOOL} and cohort_id = any ((select app.joined_cohort_ids())::uuid[])"
LED_PARENT = f"{SCHOOL} and parent_id = any ((select app.led_parent_ids())::uuid[])"
EVERY_ROW = "true"


@dataclass(frozen=True, slots=True)
class Access:
    """What one database role may do to a table: verbs (`select, insert`) and the rows it may do it to."""

    role: str
    verbs: str
    rows: str
    #: Rows that it may write; the same as `rows` unless said.
    writes: str | None = None


def protect(table: str, access: Iterable[Access]) -> list[str]:
    """Statements that force row security on `table` and grant exactly `access`, plus the owner's own policy."""
    name = table.split(".")[-1]
    statements = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy {name}_owner on {table} for all to wb_owner using (true) with check (true)",
    ]
    for item in access:
        short = item.role.removeprefix("wb_")
        writes = item.writes or item.rows
        statements.append(f"grant {item.verbs} on {table} to {item.role}")
        for verb in (word.strip() for word in item.verbs.split(",")):
            clause = {
                "select": f"using ({item.rows})",
                "insert": f"with check ({writes})",
                "update": f"using ({item.rows}) with check ({writes})",
                "delete": f"using ({item.rows})",
            }[verb]
            statements.append(
                f"create policy {name}_{short}_{verb} on {table} for {verb} to {item.role} {clause}"
            )
    return statements
