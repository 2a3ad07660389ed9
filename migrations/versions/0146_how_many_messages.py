"""Count messages of each school and month for its council, rounded to 50, and how many texts a text was sent as.

The database rounds, so nobody of the council can ask for more: what is under 50 is 0, also where none went, and only
months that are over are counted, so no number is watched as it grows. The council's total is rounded from all of them
together, its own messages among them: within 50 it says no more of the last school than that school's own row does.

Risk: none, a column without a default and a function. Rejected: counters that grow as messages go (two workers would
wait for each other's row), and to keep no parts, since a text that is sent as two costs two.
"""

from __future__ import annotations

from alembic import op

revision = "0146"
down_revision = "0145"

USAGE = """
create function app.message_usage(p_since date)
  returns table (school_id uuid, month date, channel text, number integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with sent as (
      select o.school_id, date_trunc('month', o.sent_at at time zone 'Europe/London')::date as month, o.channel,
          coalesce(o.parts, 1) as parts
        from public.outbox o where o.school_id = any ((select app.authority_school_ids())::uuid[])
      union all
      select null, date_trunc('month', o.sent_at at time zone 'Europe/London')::date, o.channel, coalesce(o.parts, 1)
        from public.authority_outbox o where o.authority_id = (select app.authority_id())),
    counted as (
      select s.school_id, s.month, s.channel, s.parts from sent s
        where s.month >= date_trunc('month', p_since)::date
          and s.month < date_trunc('month', app.now() at time zone 'Europe/London')::date),
    summed as (
      select c.school_id, c.month, c.channel, sum(c.parts) as number from counted c
        where c.school_id is not null group by c.school_id, c.month, c.channel
      union all
      select null, c.month, c.channel, sum(c.parts) from counted c group by c.month, c.channel)
    select s.school_id, s.month, s.channel,
        case when s.number < 50 then 0 else (round(s.number / 50.0) * 50)::integer end
      from summed s;
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table in ("outbox", "authority_outbox"):
        op.execute(f"alter table {table} add column parts smallint")
    op.execute("grant select (parts) on outbox to wb_helper")
    op.execute("grant select (parts, sent_at) on authority_outbox to wb_helper")
    op.execute(USAGE)
    op.execute("grant execute on function app.message_usage(date) to wb_authority")
    op.execute("alter function app.message_usage(date) owner to wb_helper")
