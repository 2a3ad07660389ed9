"""Count in how many days nearly all of those who joined did, for a school's home.

It said by when to ask by the median: half of those who would join had no time left. The function has another name, as
code of before reads the first one's answer as half; a later revision drops that.

Risk: the day by which to ask is earlier than it was. Rejected: twice the median (nobody's number).
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0149"
down_revision = "0148"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install("0149", "school_home_4", ("wb_school", "wb_dsl"))
