"""Drop functions of homes that no release calls: the first one of a school, and two that others replaced the same day.

Kept: school_home_2, council_home and parent_home, which code of the release before calls while this one is rolled out.

Risk: none, the code of this release and of the one before names none of them.
"""

from __future__ import annotations

from alembic import op

revision = "0151"
down_revision = "0150"

GONE = ("school_home", "school_home_3", "school_home_4")


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for name in GONE:
        op.execute(f"drop function app.{name}")
