"""Say on the home of a school that letters lie in the pile, and that whoever left freed the place kept for them.

The home of a school reads it with the rest, by a function of another name; code of before goes on with its own.

Risk: none, a new function. Rejected: a task for each letter (a pile is handed out at once).
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0164"
down_revision = "0163"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "school_home_6", ("wb_school", "wb_dsl"))
