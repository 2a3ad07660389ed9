"""Tell those who lead a group how a message names them.

*Away twice* showed its message without the line that names who leads, and it went with it. What names them reads what a
graduate is called, which a colleague cannot: the function answers for groups that the asker leads.

Risk: none. Rejected: letting facilitators call app.leader_names, which answers for every group of their school.
"""

from __future__ import annotations

from alembic import op

revision = "0144"
down_revision = "0143"

LED_BY = """
create function app.led_by(p_cohort_id uuid) returns text[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  return (select app.leader_names(p_cohort_id) where p_cohort_id = any (app.led_cohort_ids()))"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(LED_BY)
    op.execute("alter function app.led_by(uuid) owner to wb_helper")
    op.execute("set local role wb_helper")
    op.execute("grant execute on function app.led_by(uuid) to wb_facilitator")
    op.execute("reset role")
