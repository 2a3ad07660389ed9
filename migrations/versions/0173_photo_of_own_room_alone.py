"""Show who meets where no room was chosen the photo of the school's own room, and of no other.

A group without a room meets in the school's; until now its people could have read the photo of every room there.

Risk: none, fewer read it. Rejected: none shown to them, as their page names the school's room.
"""

from __future__ import annotations

from alembic import op

revision = "0173"
down_revision = "0172"

MINE = """
create or replace function app.my_room_photos() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(p.id), '{}') from public.room_photo p
    join public.school h on h.school_id = p.school_id
    where p.school_id = (select app.school_id()) and p.taken_away_at is null and exists (
      select from public.cohort c
        where c.school_id = p.school_id and c.state in ('forming', 'running')
          and c.id = any ((select app.joined_cohort_ids() || app.led_cohort_ids())::uuid[])
          and (coalesce(nullif(c.room, ''), h.room) in (p.room, p.room || ', or online') or exists (
            select from public.cohort_session s where s.school_id = c.school_id and s.cohort_id = c.id
              and s.state = 'planned' and s.room in (p.room, p.room || ', or online')))))
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local role wb_helper")
    op.execute(MINE)
    op.execute("reset role")
