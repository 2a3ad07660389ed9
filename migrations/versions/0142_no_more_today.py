"""Write down that Notify takes no more emails, or no more texts, today: none are offered, and pages say why one waits.

Risk: none, a new table of two rows at most. Rejected: Redis, which may be lost and would let every worker ask again; a
later date on each waiting message, which would have to be taken back by hand where the limit is raised.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import EVERY_ROW, Access, protect

revision = "0142"
down_revision = "0141"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(
        "create table channel_hold (channel text primary key check (channel in ('email', 'sms')),"
        " until timestamptz not null)"
    )
    access = [
        Access("wb_dispatch", "select, insert, update", EVERY_ROW),
        Access("wb_school", "select", EVERY_ROW),
        Access("wb_authority", "select", EVERY_ROW),
    ]
    for statement in protect("channel_hold", access):
        op.execute(statement)
