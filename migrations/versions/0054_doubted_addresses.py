"""Let the dispatcher see at which addresses somebody said "This is not me", so that nothing more goes there.

Risk: none, two rights to look.
Rejected: taking the address out of the list at once, which loses what staff have to check; a mark on the contact, a
second truth beside the doubt.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, SCHOOL

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    for table, rows in (("contact_doubt", SCHOOL), ("authority_contact_doubt", AUTHORITY)):
        op.execute(f"grant select on {table} to wb_dispatch")
        op.execute(
            f"create policy {table}_dispatch_select on {table} for select to wb_dispatch using ({rows})"
        )
