"""Round a council's texts of a year once from all of them, and say which entry stands for one that was put together.

Twelve months that are each "under 50" were added up as nothing. And what somebody answers to a text that went to an
entry which has been put together with another since was nobody's, their STOP among it.

Risk: none, two functions. Rejected: to add what the council reads of each month (rounding adds up too).
"""

from __future__ import annotations

from alembic import op

revision = "0154"
down_revision = "0153"

TEXTS = """
create function app.texts_since(p_since date) returns integer
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with sent as (
      select o.sent_at, coalesce(o.parts, 1) as parts from public.outbox o
        where o.school_id = any ((select app.authority_school_ids())::uuid[]) and o.channel = 'sms'
      union all
      select o.sent_at, coalesce(o.parts, 1) from public.authority_outbox o
        where o.authority_id = (select app.authority_id()) and o.channel = 'sms'),
    counted as (
      select coalesce(sum(s.parts), 0) as number from sent s
        where date_trunc('month', s.sent_at at time zone 'Europe/London') >= date_trunc('month', p_since::timestamp)
          and date_trunc('month', s.sent_at at time zone 'Europe/London')
            < date_trunc('month', app.now() at time zone 'Europe/London'))
    select case when c.number < 50 then 0 else (round(c.number / 50.0) * 50)::integer end from counted c;
  end"""

# An entry that was put together may have been put together again: followed to the one that stands.
STANDING = """
create function app.standing_parent(p_parent uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with recursive way (id, step) as (
      select p_parent, 0
      union all
      select m.kept_id, w.step + 1 from way w
        join public.parent_merge m on m.school_id = (select app.school_id()) and m.gone_id = w.id
          and m.undone_at is null
        where w.step < 100)
    select w.id from way w order by w.step desc limit 1;
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for function, signature, role in (
        (TEXTS, "app.texts_since(date)", "wb_authority"),
        (STANDING, "app.standing_parent(uuid)", "wb_school, wb_documents"),
    ):
        op.execute(function)
        op.execute(f"grant execute on function {signature} to {role}")
        op.execute(f"alter function {signature} owner to wb_helper")
