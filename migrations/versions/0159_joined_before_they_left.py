"""Count as joined, of those who left, only who had joined before.

A head teacher read under "have joined so far" also parents who were on the list, or invited, and left it without ever
joining. Replaces `app.school_in_numbers`.

Risk: none, a function and one more column that it reads. Rejected: to leave out all who left (who finished and went did
join).
"""

from __future__ import annotations

from alembic import op

revision = "0159"
down_revision = "0158"

NUMBERS = """
create or replace function app.school_in_numbers()
  returns table (what text, number integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with stood as (
      -- Where each parent stood as this week began.
      select distinct on (e.parent_id) e.to_stage, e.from_stage from public.parent_event e
        where e.school_id = (select app.school_id())
          and e.at < date_trunc('week', app.now() at time zone 'Europe/London') at time zone 'Europe/London'
          and e.parent_id <> all ((select app.merged_parent_ids())::uuid[])
        order by e.parent_id, e.at desc, e.id desc),
    parents as (
      select count(*) filter (where s.to_stage <> 'identified') / 5 * 5 as asked,
          -- Who left counts where they had joined before.
          count(*) filter (where s.to_stage in ('joined', 'waiting', 'in_group', 'graduated')
            or (s.to_stage = 'left' and s.from_stage in ('joined', 'waiting', 'in_group', 'graduated'))) / 5 * 5
            as joined,
          count(*) filter (where s.to_stage in ('joined', 'waiting')) / 5 * 5 as waiting,
          count(*) filter (where s.to_stage = 'in_group') / 5 * 5 as in_groups
        from stood s),
    groups as (
      select count(*) filter (where c.state = 'forming') as forming,
          count(*) filter (where c.state = 'running') as running,
          count(*) filter (where c.state = 'closed') as closed,
          coalesce(sum(c.places) filter (where c.state in ('forming', 'running')), 0) as places,
          count(*) filter (where c.state in ('forming', 'running') and 2 > (
            select count(*) from public.cohort_facilitator l
              join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id
              where l.school_id = c.school_id and l.cohort_id = c.id
                and f.stage in ('ready', 'leading'))) as without_two
        from public.cohort c where c.school_id = (select app.school_id())),
    sessions as (
      select count(*) filter (where s.state in ('held', 'closed')) as held,
          count(*) filter (where s.state = 'planned' and c.state in ('forming', 'running')
            and s.on_date >= (app.now() at time zone 'Europe/London')::date) as coming
        from public.cohort_session s join public.cohort c on c.school_id = s.school_id and c.id = s.cohort_id
        where s.school_id = (select app.school_id())),
    said as (
      select count(*) as said, count(*) filter (where t.replied_at is not null) as replied,
          count(*) filter (where t.replied_at is null
            and t.reply_by < (app.now() at time zone 'Europe/London')::date) as late,
          round(percentile_cont(0.5) within group (order by (t.replied_at at time zone 'Europe/London')::date
            - (t.approved_at at time zone 'Europe/London')::date)) as days
        from public.group_theme t
        where t.school_id = (select app.school_id()) and t.state in ('approved', 'replied')),
    staff as (
      select count(*) filter (where m.role = 'school_lead') as leads,
          count(*) filter (where m.role = 'school_dsl') as dsls
        from public.staff_member m
        where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null)
    select v.what, v.number::integer from parents p, groups g, sessions e, said t, staff m,
      lateral (values ('asked', p.asked), ('joined', p.joined), ('waiting', p.waiting), ('in_groups', p.in_groups),
        ('forming', g.forming), ('running', g.running), ('closed', g.closed), ('places', g.places),
        ('without_two', g.without_two), ('held', e.held), ('coming', e.coming), ('said', t.said),
        ('replied', t.replied), ('late', t.late), ('days', t.days), ('leads', m.leads), ('dsls', m.dsls))
        v (what, number);
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant select (from_stage) on parent_event to wb_helper")
    op.execute("set local role wb_helper")
    op.execute(NUMBERS)
    op.execute("reset role")
