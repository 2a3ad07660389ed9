"""Note when the link to join online took the place of another, so that the message that carries it says so.

Risk: none, a column without a default; of links of today nobody knows whether they are the first. Rejected: the old
link beside the new one, which would stay open to read.
"""

from __future__ import annotations

from alembic import op

revision = "0170"
down_revision = "0169"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("alter table cohort_join_link add column replaced_at timestamptz")
