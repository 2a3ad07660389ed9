"""Let nobody look into a stopped fresh start who agreed to it, while somebody else can.

Who had agreed got the task too, and by "I have looked into it" ended it for everybody, also for the safeguarding lead.
Now it is the safeguarding lead's; where they asked or agreed, that of whoever could have been the second person, who is
told as well; and of who agreed only at a school where nobody else may.

Risk: a school of two keeps a task that who agreed can end, as until now; else nobody could.
Rejected: leaving it to the safeguarding lead alone, who may have been one of the two.
"""

from __future__ import annotations

from migrations.functions import function, replace

revision = "0093"
down_revision = "0092"

LOOKERS = function(
    "stop_lookers",
    "p_school uuid, p_asked_by uuid, p_agreed_by uuid",
    "uuid[]",
    """
declare v_people uuid[]; v_accounts uuid[];
begin
  -- Who may say that a stopped fresh start was looked into: the safeguarding lead, where they can sign in and neither
  -- asked nor agreed; else whoever could have been the second person; who agreed only where nobody else is left.
  select array_agg(m.account_id) into v_accounts from identity.membership m
    where m.person_id in (p_asked_by, p_agreed_by) and m.in_school = p_school;
  select array_agg(m.person_id) into v_people from identity.membership m
    where m.in_school = p_school and m.ended_at is null and m.role = 'school_dsl'
      and m.account_id <> all (coalesce(v_accounts, '{}')) and coalesce(identity.ways_in(m.account_id), 0) > 0;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and m.account_id <> all (coalesce(v_accounts, '{}')) and coalesce(identity.ways_in(m.account_id), 0) > 0
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  return coalesce(v_people, '{}');
end
""",
    (),
)
TELL = function(
    "tell_of_stop",
    "p_school uuid, p_start uuid, p_event text",
    "void",
    """
declare v_start public.fresh_start; v_authority uuid; v_person uuid;
begin
  -- Who asked, who agreed, the safeguarding lead and whoever looks into it, each human once; nobody else at the school.
  select f.* into v_start from public.fresh_start f where f.school_id = p_school and f.id = p_start;
  select k.authority_id into v_authority from public.school k where k.school_id = p_school;
  insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details, at)
    values (p_school, gen_random_uuid(), 'recruitment:fresh_start:' || p_event, v_start.person_id, 'wb_signin',
      'system', '{}', app.now());
  for v_person in
    select distinct on (m.account_id) m.person_id from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and (m.person_id in (v_start.asked_by, v_start.agreed_by)
          or m.person_id = any (identity.stop_lookers(p_school, v_start.asked_by, v_start.agreed_by))
          or m.person_id = any (identity.acting('school_dsl', v_authority, p_school)))
      order by m.account_id, m.created_at
  loop
    perform identity.write_message(v_authority, p_school, 'fresh_start_stopped', 'email', v_person,
      'stopped:' || p_start || ':' || v_person, 7);
  end loop;
end
""",
    (),
)


def upgrade() -> None:
    replace((LOOKERS, TELL))
