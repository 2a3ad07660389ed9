"""Say whom a council tells that a school leaves: who waits for a place, and who leads or has offered to.

A school leaves only when no group is under way, and its people were looked up in groups under way: so the messages that
are written for parents and for those who lead went to nobody, and twelve people on a waiting list read nothing.

Risk: as with `people_of_open_groups`, a council learns ids of people of its own schools, and no name or address; how
many there are it knows already.
Rejected: that function with a flag, because a pause is told to who is in or leads a group alone; the website as the
school's staff, because it is the council that acts.
"""

from __future__ import annotations

from alembic import op

revision = "0099"
down_revision = "0098"

TO_TELL = """
create function app.people_told_of_leaving(p_school uuid) returns table (recipient_kind text, person_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select 'parent', p.id from public.parent p
      where p.school_id = p_school and p.stage in ('joined', 'waiting', 'in_group')
        and p_school = any ((select app.authority_school_ids())::uuid[])
    union all
    select 'facilitator', f.id from public.facilitator f
      where f.school_id = p_school and f.stage not in ('not_now', 'withdrawn')
        and p_school = any ((select app.authority_school_ids())::uuid[]);
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TO_TELL)
    op.execute("grant execute on function app.people_told_of_leaving(uuid) to wb_authority")
    op.execute("alter function app.people_told_of_leaving(uuid) owner to wb_helper")
