"""Read the page of a group by one function, which keeps its plan.

The page asked twenty statements, each planned anew on each visit: 13 ms of PostgreSQL's time and 24 of Python's. The
function asks them with its caller's rights, under the same row policies, and gives their rows.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: prepared statements (decision 13), and a statement of the page's own (decision 14).
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0123"
down_revision = "0122"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "group_page", ("wb_school", "wb_dsl"))
