"""Keep who closed a concern, and let its readers open it again.

Opening it again is an entry of its record, with the reason: that it was closed once is not lost.

Risk: none, two columns with a constant. Of concerns that are closed already nobody is named.
Rejected: a new concern in its place, which loses what was decided before.
"""

from __future__ import annotations

from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    for table in ("concern", "authority_concern"):
        op.execute(f"alter table {table} add column closed_by text not null default ''")
