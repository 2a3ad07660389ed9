"""Let whoever raised a concern read who took it over and when, so that their receipt says truly who reads it.

The row of a handover says why, when and by whom, and nothing of the concern. It is shown to whoever sees the receipt,
by the receipt's own policy, so it is shut with it after a fresh start.

Risk: none, one more way to read a row that names the council's officer, whom the raiser is told anyway.
Rejected: copying it into the receipt, which would be a second truth; a function with its owner's rights.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0077"
down_revision = "0076"

RAISED = (
    "concern_id = any (array("
    "select r.id from concern_receipt r where r.school_id = (select app.school_id())))"
)
MINE = f"{SCHOOL} and {RAISED}"


def upgrade() -> None:
    for role in ("wb_school", "wb_facilitator", "wb_parent"):
        op.execute(f"grant select on concern_handover to {role}")
        op.execute(
            f"create policy concern_handover_{role.removeprefix('wb_')}_select on concern_handover"
            f" for select to {role} using ({MINE})"
        )
