"""Read the page of an evening by one function, which keeps its plan.

The page asked thirteen statements in two trips, each planned anew on each visit. The function finds the session that
its reader leads, and everything of its group by it; for a session that they do not lead it finds nothing.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: as in decision 14.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0139"
down_revision = "0138"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "tonight_page", ("wb_facilitator",))
