"""What was noted of a contact goes a year after it was over, of a parent and of a school.

Whoever noted one can take it back on the same day; after that nothing ended it while its parent or school stayed. A
year is as long as anybody asks what was agreed: a group's round, from finding its parents to its graduates, is shorter.
A next step that nobody has done for a year after its day goes with its contact.

The rows that the schedule may read and delete are those that are over: a chore that asks for others finds none.

Risk: what somebody wanted to keep longer is gone; the page of the log says so. Rejected: with the parent alone (some
stay for years, as leaders), a period of each school (one more thing to decide that nobody asked for).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0162"
down_revision = "0161"

A_YEAR_AGO = "(select app.now()) - interval '1 year'"
OVER = (
    f"{SCHOOL} and at < {A_YEAR_AGO} and coalesce(ended_at, at) < {A_YEAR_AGO}"
    f" and (state is distinct from 'open' or due_on < {A_YEAR_AGO})"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table in ("contact_with_parent", "contact_with_school"):
        op.execute(f"grant select (school_id, at), delete on {table} to wb_documents")
        for verb in ("select", "delete"):
            op.execute(
                f"create policy {table}_documents_{verb} on {table} for {verb} to wb_documents using ({OVER})"
            )
