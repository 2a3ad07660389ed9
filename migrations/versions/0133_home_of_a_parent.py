"""Read a parent's home by one function, which keeps its plan.

The page asked some twenty statements, each planned anew on each visit, and most of them only once it knew the group.
The function finds the group first.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: as in decision 14.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0133"
down_revision = "0132"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "parent_home", ("wb_parent",))
