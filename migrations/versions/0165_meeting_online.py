"""Let a group, or one session of it, meet in a room, online or both, with a link that members see late.

What stands in `room` is where it meets in words ("Library", "online", "Library, or online"), so whatever says where
people meet says this too; `format` says how. The link opens the meeting to whoever has it: a table of its own, read by
the school's staff, who leads the group, and the dispatcher, which puts it into an email. The schedule learns when it
was set and no more. A parent with a place reads it through a function that gives it from two hours before a session
until its end, and not to who has a fresh start that waits.

Risk: the code of before writes groups without a format, which are in a room, as they were. Rejected: a column of
`cohort` (parents and the roll-up read that table), a link for each session (a school has one room online as it has one
of stone), and keeping the link in the message that waits.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install
from tenants.ddl import EVERY_ROW, LED_COHORT, SCHOOL, Access, protect

revision = "0165"
down_revision = "0164"

TABLE = """
create table cohort_join_link (
  school_id uuid not null references school (school_id),
  cohort_id uuid not null,
  link text not null,
  changed_at timestamptz not null default app.now(),
  primary key (school_id, cohort_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id) on delete cascade,
  constraint cohort_join_link_https check (link like 'https://%' and char_length(link) <= 500));
create trigger cohort_join_link_keys before update of cohort_id on cohort_join_link
  for each row execute function app.keys_never_move('cohort_id');
"""
MINE = """
create function app.my_joining()
  returns table (session_id uuid, opens_at timestamptz, ends_at timestamptz, is_set boolean, link text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select s.id, at.opens, at.ends, l.link is not null,
      case when app.now() >= at.opens and app.now() < at.ends then l.link end
    from public.enrolment e
    join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
    join public.cohort_session s on s.school_id = c.school_id and s.cohort_id = c.id
      and s.state = 'planned' and s.format <> 'room'
    left join public.cohort_join_link l on l.school_id = c.school_id and l.cohort_id = c.id
    cross join lateral (select
      (s.on_date + s.starts_at) at time zone 'Europe/London' - interval '2 hours' as opens,
      (s.on_date + s.ends_at) at time zone 'Europe/London' as ends) at
    where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())
      and e.status = 'in_group' and e.cohort_id = any ((select app.joined_cohort_ids())::uuid[])
      and at.ends > app.now();
  end
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table in ("cohort", "cohort_session"):
        op.execute(f"alter table {table} add column format text not null default 'room'")
        op.execute(
            f"alter table {table} add constraint {table}_format check (format in ('room', 'online', 'both')) not valid"
        )
        op.execute(f"alter table {table} validate constraint {table}_format")
    op.execute(TABLE)
    access = [
        Access("wb_school", "select, insert, update, delete", SCHOOL),
        Access("wb_facilitator", "select, insert, update, delete", LED_COHORT),
        Access("wb_dispatch", "select", SCHOOL),
        Access("wb_helper", "select", EVERY_ROW),
    ]
    for statement in protect("cohort_join_link", access):
        op.execute(statement)
    op.execute("grant select (school_id, cohort_id, changed_at) on cohort_join_link to wb_documents")
    op.execute(
        "create policy cohort_join_link_documents_select on cohort_join_link for select to wb_documents"
        f" using ({SCHOOL})"
    )
    op.execute(MINE)
    op.execute("grant execute on function app.my_joining() to wb_parent")
    op.execute("alter function app.my_joining() owner to wb_helper")
    install(revision, "group_page_2", ("wb_school", "wb_dsl"))
    install(revision, "tonight_page_2", ("wb_facilitator",))
