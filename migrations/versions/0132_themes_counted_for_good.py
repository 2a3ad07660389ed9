"""Count what parents said of a theme for good, and say where a group can say nothing more.

Ratings, and what five released to the council, were counted among those who belong to the group today. Whoever left, or
was taken out by staff, lowered a number that staff read: one press told what one parent had said. Now a rating counts
whoever leaves; so does what was released, which its parent takes back while they belong to the group.

A theme of a group that is over, or has fewer than six parents, cannot become the group's. Its parents were still asked;
`app.themes_over` tells them.

Risk: numbers of today's themes may count parents who left. Rejected: keeping the counts in the theme's row (they would
have to be written on the fifteenth day by a chore, and read the same).
"""

from __future__ import annotations

from alembic import op

revision = "0132"
down_revision = "0131"

RATINGS = """
create or replace function app.reply_ratings()
  returns table (theme_id uuid, enough bigint, partly bigint, not_enough bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.id, r.yes, r.partly, r.no
      from public.group_theme t, lateral (
        select count(*) filter (where v.enough = 'yes') as yes, count(*) filter (where v.enough = 'partly') as partly,
          count(*) filter (where v.enough = 'no') as no, count(*) as said
        from public.theme_voice v where v.school_id = t.school_id and v.theme_id = t.id and v.enough <> '') r
      where t.school_id = (select app.school_id()) and t.state = 'replied'
        and t.replied_at <= app.now() - interval '14 days'
        and r.said >= 5 and greatest(r.yes, r.partly, r.no) < r.said;
  end"""
OF_COUNCIL = """
create or replace function app.themes_of_council() returns table (school_id uuid, approved_at timestamptz,
    reply_by date, replied_at timestamptz, words text, reply text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.school_id, t.approved_at, t.reply_by, t.replied_at,
        case when r.released then t.words end, case when r.released then t.reply end
      from public.group_theme t, lateral (select count(*) >= 5 as released from public.theme_voice v
        where v.school_id = t.school_id and v.theme_id = t.id and v.to_council) r
      where t.school_id = any (app.authority_school_ids()) and t.state in ('approved', 'replied');
  end"""
OVER = """
create function app.themes_over() returns table (theme_id uuid, why text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.id, case when c.state = 'running' then 'small' else 'over' end
      from public.group_theme t join public.cohort c on c.school_id = t.school_id and c.id = t.cohort_id
      where t.school_id = (select app.school_id()) and t.cohort_id = any (app.joined_cohort_ids())
        and t.state = 'proposed' and (c.state <> 'running'
          or (select count(*) from public.enrolment e where e.school_id = t.school_id and e.cohort_id = t.cohort_id
            and e.status in ('in_group', 'finished')) <= 5);
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(OVER)
    op.execute("alter function app.themes_over() owner to wb_helper")
    op.execute("set local role wb_helper")
    op.execute("grant execute on function app.themes_over() to wb_parent")
    op.execute(RATINGS)
    op.execute(OF_COUNCIL)
    op.execute("reset role")
