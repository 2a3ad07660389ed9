"""A session is open until it is closed: saving its register says nothing to anybody else.

The state `held`, which a saved register set, is left: such sessions are open, or closed where their group is over.
Late and left early are marks of their own. Whether somebody has begun the register of a session that has begun is all
that staff learn when they move or cancel it. Who was thanked at halfway shows who came, so staff see no such message;
the dispatcher asks who came at all before it thanks somebody at the end.

Risk: the check of the marks is read through once while it is added; a register holds some ten rows a session.
Rejected: a register that waits for the start of the session (apologies are known before).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0025"
down_revision = "0024"

STATES = """
update cohort_session s set state = case when c.state = 'closed' then 'closed' else 'planned' end
  from cohort c where c.school_id = s.school_id and c.id = s.cohort_id and s.state = 'held'
"""
MARKS = """
alter table attendance drop constraint attendance_mark_check;
alter table attendance add constraint attendance_mark_check
  check (mark in ('present', 'late', 'left_early', 'absent', 'apology'));
"""
BEGUN = """
create function app.register_begun(p_session_id uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select exists (select 1 from public.attendance a
      join public.cohort_session s on s.school_id = a.school_id and s.id = a.session_id
      where a.school_id = (select app.school_id()) and a.session_id = p_session_id
        and a.marked_at >= (s.on_date + s.starts_at) at time zone 'Europe/London');
  end
"""
CAME = """
create function app.came_to(p_cohort_ids uuid[]) returns table (cohort_id uuid, parent_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select distinct s.cohort_id, a.parent_id from public.attendance a
      join public.cohort_session s on s.school_id = a.school_id and s.id = a.session_id and s.state = 'closed'
      where a.school_id = (select app.school_id()) and s.cohort_id = any (p_cohort_ids)
        and a.mark in ('present', 'late', 'left_early');
  end
"""
FOR_STAFF = f"{SCHOOL} and kind not in ('we_missed_you', 'halfway', 'choose_topics')"


def upgrade() -> None:
    op.execute(STATES)
    op.execute(MARKS)
    op.execute("grant select (marked_at) on attendance to wb_helper")
    op.execute(BEGUN)
    op.execute("grant execute on function app.register_begun(uuid) to wb_school")
    op.execute("alter function app.register_begun(uuid) owner to wb_helper")
    op.execute(CAME)
    op.execute("grant execute on function app.came_to(uuid[]) to wb_dispatch")
    op.execute("alter function app.came_to(uuid[]) owner to wb_helper")
    for verb in ("select", "update"):
        op.execute(f"alter policy outbox_school_{verb} on outbox using ({FOR_STAFF})")
