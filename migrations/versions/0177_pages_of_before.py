"""Drop functions of pages that others replaced, and that neither this release nor the one before calls.

And what a council may read no more: how many parents each school has at each stage. Its home reads full tens over all
schools (revision 0141).

Risk: none for code of the release before; code of two releases back would fail on these pages, and runs no more.
"""

from __future__ import annotations

from alembic import op

revision = "0177"
down_revision = "0176"

GONE = ("school_home_2", "school_home_5", "group_page", "tonight_page", "council_home", "parent_home")


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for name in GONE:
        op.execute(f"drop function app.{name}")
    op.execute("revoke select on school_activity from wb_authority")
    op.execute(
        "grant select (school_id, facilitators, cohorts, computed_at) on school_activity to wb_authority"
    )
