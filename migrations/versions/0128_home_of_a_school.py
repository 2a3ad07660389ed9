"""Read a school's home by one function, which keeps its plan.

The page asked some forty statements, each planned anew on each visit. As 0123, for the staff of a school.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: as in decision 14.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0128"
down_revision = "0127"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "school_home", ("wb_school", "wb_dsl"))
