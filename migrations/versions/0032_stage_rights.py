"""Let the stage of a school decide in the database too what may begin there, and keep why it was paused or left.

A school that is not active invites no parent, forms no group and gives no place, whatever a page or a service forgets.
The reason stands beside the stage, where everybody who may see the school reads it. An authority that pauses a school
learns, as ids alone, who is to be told: those who are in, or lead, a group that has not ended.

Risk: three insert policies of staff become narrower; a school that is not active gets a refusal where it got a row.
Rejected: a table of rights in the database beside the one in `app/schools/stage_rights.py`; nothing edits it, and a
test holds this function to that table. A trigger; a policy says the same where who may what is read.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0032"
down_revision = "0031"

MAY = """
create function app.school_may(p_right text) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select case p_right
      when 'invite_parents' then s.stage = 'active'
      when 'form_groups' then s.stage = 'active'
      else false end
    from public.school s where s.school_id = (select app.school_id()))"""

TO_TELL = """
create function app.people_of_open_groups(p_school uuid) returns table (recipient_kind text, person_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select distinct 'parent', e.parent_id from public.enrolment e
      join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
      where e.school_id = p_school and e.status = 'in_group'
        and p_school = any ((select app.authority_school_ids())::uuid[])
    union all
    select distinct 'facilitator', f.facilitator_id from public.cohort_facilitator f
      join public.cohort c on c.school_id = f.school_id and c.id = f.cohort_id and c.state in ('forming', 'running')
      where f.school_id = p_school and p_school = any ((select app.authority_school_ids())::uuid[]);
  end"""


def upgrade() -> None:
    op.execute("alter table cohort add column end_reason text not null default ''")
    op.execute("alter table cohort add column goes_on_at text not null default ''")
    op.execute("alter table school add column stage_reason text not null default ''")
    op.execute(MAY)
    op.execute("grant execute on function app.school_may(text) to wb_school")
    op.execute("alter function app.school_may(text) owner to wb_helper")
    may_form = f"{SCHOOL} and (select app.school_may('form_groups'))"
    for table in ("cohort", "enrolment"):
        op.execute(f"alter policy {table}_school_insert on {table} with check ({may_form})")
    op.execute(
        "alter policy outbox_school_insert on outbox with check"
        f" ({SCHOOL} and state = 'queued'"
        " and (kind <> 'parent_invitation' or (select app.school_may('invite_parents'))))"
    )
    op.execute("grant select (school_id, id, state) on cohort to wb_helper")
    op.execute("create policy cohort_helper_select on cohort for select to wb_helper using (true)")
    op.execute(TO_TELL)
    op.execute("grant execute on function app.people_of_open_groups(uuid) to wb_authority")
    op.execute("alter function app.people_of_open_groups(uuid) owner to wb_helper")
