"""Tell those whom it concerns that a fresh start was stopped, and keep it as work until somebody has looked into it.

The page said "The school is told" and nobody was. Now who asked, who agreed and the safeguarding lead get an email, the
parent's history has a line, and their homes a task until one who did not ask says that they looked into it. "This is
not me" on the link of a fresh start, which its message asks for, did nothing: it stops the fresh start, and is told.

Risk: who asked wrongly learns that it was stopped; they are told what everybody at school reads on the parent's page.
Rejected: telling all staff, of whom most cannot do anything; a task that who asked can put aside alone.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0064"
down_revision = "0063"

COLUMNS = """
alter table fresh_start
  add column stopped_from text not null default '' check (stopped_from in ('', 'old_address', 'new_address')),
  add column looked_at timestamptz, add column looked_by_name text not null default ''
"""

TELL = function(
    "tell_of_stop",
    "p_school uuid, p_start uuid, p_event text",
    "void",
    """
declare v_start public.fresh_start; v_authority uuid; v_person uuid;
begin
  -- Who asked, who agreed and the safeguarding lead, each human once; nobody else at the school.
  select f.* into v_start from public.fresh_start f where f.school_id = p_school and f.id = p_start;
  select k.authority_id into v_authority from public.school k where k.school_id = p_school;
  insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details, at)
    values (p_school, gen_random_uuid(), 'recruitment:fresh_start:' || p_event, v_start.person_id, 'wb_signin',
      'system', '{}', app.now());
  for v_person in
    select distinct on (m.account_id) m.person_id from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and (m.person_id in (v_start.asked_by, v_start.agreed_by)
          or m.person_id = any (identity.acting('school_dsl', v_authority, p_school)))
      order by m.account_id, m.created_at
  loop
    perform identity.write_message(v_authority, p_school, 'fresh_start_stopped', 'email', v_person,
      'stopped:' || p_start || ':' || v_person, 7);
  end loop;
end""",
    (),
)

LOOKERS = function(
    "stop_lookers",
    "p_school uuid, p_asked_by uuid, p_agreed_by uuid",
    "uuid[]",
    """
declare v_asker uuid; v_people uuid[];
begin
  -- Who may say that a stopped fresh start was looked into: the safeguarding lead and who agreed, where they can sign
  -- in and did not ask; else whoever could have been the second person.
  select m.account_id into v_asker from identity.membership m where m.person_id = p_asked_by and m.in_school = p_school
    order by m.created_at limit 1;
  select array_agg(m.person_id) into v_people from identity.membership m
    where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
      and (m.role = 'school_dsl' or m.person_id = p_agreed_by) and m.account_id is distinct from v_asker
      and coalesce(identity.ways_in(m.account_id), 0) > 0;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  return coalesce(v_people, '{}');
end""",
    (),
)

STOPPED = function(
    "stopped_starts",
    "",
    "table (fresh_start_id uuid, may_settle boolean)",
    """
begin
  -- Of the school's stopped fresh starts that nobody has looked into, and that were not asked for again: those of the
  -- scope's person, who asked, agreed or looks into it, and whether they may say that it is done.
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  return query select f.id, app.person_id() = any (l.people)
    from public.fresh_start f
    cross join lateral (select identity.stop_lookers(f.school_id, f.asked_by, f.agreed_by) as people) l
    where f.school_id = app.school_id() and f.ended = 'stopped' and f.looked_at is null
      and not exists (select from public.fresh_start o where o.school_id = f.school_id and o.person_id = f.person_id
        and o.asked_at > f.asked_at and o.ended is distinct from 'taken_back')
      and (app.person_id() in (f.asked_by, f.agreed_by) or app.person_id() = any (l.people));
end""",
    ("wb_school",),
)

LOOKED = function(
    "look_into_stop",
    "p_id uuid, p_by_name text",
    "boolean",
    """
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set looked_at = app.now(), looked_by_name = p_by_name
    where f.school_id = app.school_id() and f.id = p_id and f.ended = 'stopped' and f.looked_at is null
      and app.person_id() = any (identity.stop_lookers(f.school_id, f.asked_by, f.agreed_by));
  return found;
end""",
    ("wb_school",),
)

STOP = function(
    "stop_fresh_start",
    "p_hash bytea",
    "boolean",
    """
declare used identity.token;
begin
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'stop'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() returning * into used;
  if not found then return false; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'stopped', stopped_from = 'old_address'
    where f.school_id = used.in_school and f.id = used.subject_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = used.subject_id and t.used_at is null
    and t.cancelled_at is null;
  perform identity.tell_of_stop(used.in_school, used.subject_id, 'stopped');
  return true;
end""",
    SIGNIN,
)

NOT_ME = function(
    "not_me",
    "p_hash bytea, p_id uuid",
    "boolean",
    """
declare v_token identity.token; v_person uuid; v_role text;
begin
  -- Whoever holds this link says that it is not for them: it opens nothing from here on, and who sent it is told.
  update identity.token t set cancelled_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null
    and t.purpose in ('staff_invitation', 'parent_invitation', 'sign_in', 'fresh_start')
    returning * into v_token;
  if not found then return false; end if;
  if v_token.purpose = 'fresh_start' then
    update public.fresh_start f set ended_at = app.now(), ended = 'stopped', stopped_from = 'new_address'
      where f.school_id = v_token.in_school and f.id = v_token.subject_id and f.ended_at is null;
    if not found then return false; end if;
    update identity.token t set cancelled_at = app.now() where t.subject_id = v_token.subject_id and t.used_at is null
      and t.cancelled_at is null;
    perform identity.tell_of_stop(v_token.in_school, v_token.subject_id, 'refused');
    return true;
  end if;
  v_person := v_token.person_id; v_role := v_token.role;
  if v_token.purpose = 'sign_in' then
    select m.person_id, m.role into v_person, v_role from identity.membership m where m.account_id = v_token.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator') and m.in_school = v_token.in_school
      order by m.created_at desc, m.id limit 1;
  else
    update identity.token t set cancelled_at = app.now() where t.person_id = v_token.person_id
      and t.role = v_token.role and t.address = v_token.address and t.purpose = v_token.purpose
      and t.used_at is null and t.cancelled_at is null;
  end if;
  if v_token.in_school is not null and v_person is not null then
    insert into public.contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)
      values (v_token.in_school, p_id,
        case when v_role in ('parent', 'facilitator') then v_role else 'staff' end, v_person, v_token.channel,
        v_token.address, app.now());
  end if;
  -- Of people at work whom the council invited, the council hears: at the school there may be nobody yet.
  if v_token.purpose = 'staff_invitation' and not exists (select from identity.membership m
    where m.account_id = v_token.invited_by_account and m.in_school = v_token.in_school and m.ended_at is null)
  then
    insert into public.authority_contact_doubt (authority_id, id, person_id, said_at)
      values (v_token.in_authority, p_id, v_person, app.now());
  end if;
  return true;
end""",
    SIGNIN,
)


def upgrade() -> None:
    op.execute(COLUMNS)
    install((TELL, LOOKERS, STOPPED, LOOKED))
    replace((STOP, NOT_ME))
