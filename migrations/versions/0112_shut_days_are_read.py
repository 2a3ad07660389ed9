"""Let parents, those who lead and what sends messages read on which days a school is shut.

A school entered a day as shut after its group had it as a session: the page of the school said that it cannot be, and
parents were reminded of it by text on the morning. Whoever speaks of a day has to know.

They read the day and not why: that is in words for staff. Risk: none known.
Rejected: a copy of it on the session (two truths), and a function for each reader (more rights, not fewer).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, SCHOOL

revision = "0112"
down_revision = "0111"

OWN = ("wb_parent", "wb_facilitator", "wb_dispatch", "wb_documents")
FOR_ALL = ("wb_parent", "wb_facilitator", "wb_dispatch")


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table, columns, rows, roles in (
        ("school_closed_day", "(school_id, on_date)", SCHOOL, OWN),
        ("authority_closed_day", "(authority_id, on_date)", AUTHORITY, FOR_ALL),
        ("authority_term", "", AUTHORITY, FOR_ALL),
    ):
        for role in roles:
            op.execute(f"grant select {columns} on {table} to {role}")
            op.execute(
                f"create policy {table}_{role.removeprefix('wb_')}_select on {table} for select to {role}"
                f" using ({rows})"
            )
