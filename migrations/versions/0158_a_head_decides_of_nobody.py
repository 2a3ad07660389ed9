"""A head teacher is no second person of a fresh start, looks into none, and makes no call that parents ask for.

They read their school in numbers and no name. As somebody at work they counted among those who may agree, were written
to when a fresh start was stopped, and, named as the school's contact, were given calls that no page of theirs shows:
those go to whoever leads. Replaces `identity.may_agree` and `app.call_makers`.

Risk: none, two functions. Rejected: to name everywhere who may (each list of roles is one more to forget).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0158"
down_revision = "0157"

MAY_AGREE = function(
    "may_agree",
    "p_first uuid, p_second uuid, p_school uuid",
    "boolean",
    """
declare v_first uuid; v_second identity.membership;
begin
  -- Another person, here for 30 days; neither brought in the other, by however many steps. Who was appointed stands by
  -- more than one colleague's word.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first and m.in_school = p_school
    order by m.created_at limit 1;
  select m.* into v_second from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_second and m.in_school = p_school and m.ended_at is null and a.disabled_at is null
      and m.role not in ('parent', 'facilitator', 'head_teacher') and m.created_at <= app.now() - interval '30 days'
      and a.created_at <= app.now() - interval '30 days' limit 1;
  if v_second.id is null or p_first = p_second or v_second.account_id is not distinct from v_first then
    return false;
  end if;
  return (identity.is_appointed(p_second, p_school) or not identity.brought_in(v_first, v_second.account_id))
    and (identity.is_appointed(p_first, p_school) or not identity.brought_in(v_second.account_id, v_first));
end""",
    (),
)
CALL_MAKERS = """
create or replace function app.call_makers() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(nullif(array_agg(m.id order by m.id) filter (where m.is_contact), '{}'::uuid[]),
        array_agg(m.id order by m.id) filter (where m.role = 'school_lead'), '{}'::uuid[])
      from (
        select m.id, m.role, (lower(m.email) = lower(s.contact_email) and s.contact_email <> '')
            or lower(btrim(m.name)) = lower(btrim(s.contact_name)) as is_contact
          from public.staff_member m join public.school s on s.school_id = m.school_id
          where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null
            and m.role <> 'head_teacher') m;
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace([MAY_AGREE])
    op.execute("set local role wb_helper")
    op.execute(CALL_MAKERS)
    op.execute("reset role")
