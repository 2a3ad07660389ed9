"""Keep who came before a way in shut for it, also on the list of meetings that somebody came to.

`app.attended_session_ids` counted every mark, while the register's own policy counts those since the way in. So after a
fresh start, or for somebody on paper whose first invitation staff sent to themselves, leaving the group listed exactly
the evenings that the parent had come to. A yes to sharing that the new way in gave opened marks of before it to the
school's staff: it opens those that come after. And whoever had a place before they had any way in comes in by a later
generation: the first link of somebody on paper opens dates and notes from then on.

Risk: somebody who came on paper, and later takes a link, finds the notes of earlier evenings on paper alone.
Rejected: no invitation for them, who would have no dates on their phone; marks shown without notes, which are the leak.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0067"
down_revision = "0066"

ATTENDED = """
create or replace function app.attended_session_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(a.session_id), '{}') from public.attendance a
    where a.school_id = (select app.school_id()) and a.parent_id = (select app.person_id())
      and a.mark not in ('absent', 'apology') and a.marked_at > (select identity.my_way_since())
      and not exists (select from public.fresh_start f where f.school_id = (select app.school_id())
        and f.person_id = (select app.person_id()) and f.waits_until > app.now()
        and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back'))
"""
FIRST_WAY = """
create function app.first_way_is_new() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  -- Had a place before anybody could come in as them.
  if new.generation = 0 and exists (select from public.enrolment e
    where e.school_id = new.in_school and e.parent_id = new.person_id)
  then new.generation := 1; end if;
  return new;
end $$
"""
#: Of this school's parents with a later way in: since when. For the policy below.
WAYS_SINCE = """
create function identity.ways_since() returns table (parent_id uuid, since timestamptz) language sql stable
  security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select m.person_id, m.created_at from identity.membership m where m.in_school = (select app.school_id())
      and m.role = 'parent' and m.generation > 0 and m.ended_at is null;
  end
"""
#: Marks from before the way in of somebody who said yes to sharing since. What the way in before had said, stays said.
SEALED = """
create function app.sealed_marks() returns text[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(a.session_id::text || a.parent_id::text), '{}')
    from identity.ways_since() w
    join public.consent c on c.school_id = (select app.school_id()) and c.parent_id = w.parent_id
      and c.kind = 'share_attendance' and c.changed_at > w.since
    join public.attendance a on a.school_id = c.school_id and a.parent_id = c.parent_id and a.marked_at <= w.since)
"""


def upgrade() -> None:
    op.execute("set local role wb_identity")
    op.execute("grant execute on function identity.my_way_since() to wb_helper")
    op.execute("reset role")
    op.execute("grant select (marked_at) on attendance to wb_helper")
    op.execute("set local role wb_helper")
    op.execute(ATTENDED)
    op.execute("reset role")
    op.execute(FIRST_WAY)
    op.execute(
        "create trigger membership_first_way before insert on identity.membership for each row"
        " when (new.role = 'parent' and session_user = 'wb_signin') execute function app.first_way_is_new()"
    )
    op.execute("alter function app.first_way_is_new() owner to wb_helper")
    _seal_marks_shared_since()


def _seal_marks_shared_since() -> None:
    op.execute(WAYS_SINCE)
    op.execute("alter function identity.ways_since() owner to wb_identity")
    op.execute("set local role wb_identity")
    op.execute("grant execute on function identity.ways_since() to wb_helper")
    op.execute("reset role")
    op.execute("grant select (changed_at) on consent to wb_helper")
    op.execute(SEALED)
    op.execute("grant execute on function app.sealed_marks() to wb_school")
    op.execute("alter function app.sealed_marks() owner to wb_helper")
    op.execute(
        f"alter policy attendance_school_select on attendance using ({SCHOOL}"
        " and parent_id = any ((select app.sharing_parent_ids())::uuid[])"
        " and session_id::text || parent_id::text <> all ((select app.sealed_marks())::text[]))"
    )
