"""Read a council's home by one function, which keeps its plan.

The page asked some twenty statements, each planned anew on each visit, and loaded every release with its figures.
As 0123, for the council's team.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: as in decision 14.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0131"
down_revision = "0130"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "council_home", ("wb_authority",))
