"""How somebody comes to a role in which they see more than whoever appoints them."""

from __future__ import annotations

from migrations.functions import function

ASKERS = ("wb_school", "wb_authority")
DECIDERS = ("wb_school", "wb_authority", "wb_officer")

FUNCTIONS = (
    function(
        "is_guarded",
        "p_role text, p_audience text",
        "boolean",
        """
begin
  -- Whether somebody in this role sees more than those whom this audience serves, or could stand in for their second.
  return p_role in ('school_dsl', 'named_officer', 'authority_admin')
    or (p_role = 'school_lead' and p_audience not in ('wb_school', 'wb_dsl'));
end""",
        (),
    ),
    function(
        "may_second",
        "p_first uuid, p_second uuid",
        "boolean",
        """
begin
  -- Accounts. The second is another one, at least 30 days old, with a way in, and was not invited by the first.
  return p_first <> p_second and coalesce(identity.ways_in(p_second), 0) > 0
    and exists (select from identity.account a where a.id = p_second
      and a.created_at <= app.now() - interval '30 days')
    and not exists (select from identity.token t join identity.membership m on m.person_id = t.person_id
        and m.role = t.role
      where t.purpose = 'staff_invitation' and t.invited_by_account = p_first and m.account_id = p_second);
end""",
        (),
    ),
    function(
        "own_account",
        "",
        "uuid",
        """
begin
  -- The account behind the scope's person, in a role that this audience serves.
  return (select m.account_id from identity.membership m where m.person_id = app.person_id()
    and m.in_authority = app.authority_id() and m.in_school is not distinct from app.school_id() and m.ended_at is null
    and case current_setting('role') when 'wb_authority' then m.role = 'authority_admin'
      when 'wb_officer' then m.role = 'named_officer' when 'wb_dsl' then m.role = 'school_dsl'
      when 'wb_school' then m.role = 'school_lead' else false end limit 1);
end""",
        (),
    ),
    function(
        "seconds_of",
        "p_role text, p_authority uuid, p_school uuid, p_asker uuid, p_person uuid",
        "uuid[]",
        """
declare v_people uuid[];
begin
  -- People who may agree: who holds the role now, who sees as much at that place, and the council's named officer.
  v_people := case p_role
    when 'authority_admin' then identity.acting('authority_admin', p_authority, null)
    when 'commissioner' then identity.acting('authority_admin', p_authority, null)
    when 'named_officer' then case when identity.acting('named_officer', p_authority, null) = '{}'
      then identity.acting('authority_admin', p_authority, null) else '{}'::uuid[] end
    when 'school_dsl' then identity.acting('school_dsl', p_authority, p_school)
    else identity.acting('school_lead', p_authority, p_school) || identity.acting('school_dsl', p_authority, p_school)
    end || identity.acting('named_officer', p_authority, null);
  return coalesce((select array_agg(distinct m.person_id) from identity.membership m
    where m.person_id = any (v_people) and m.ended_at is null and m.person_id <> p_person
      and m.account_id <> all (app.accounts_of(p_person, p_role))
      and identity.may_second(p_asker, m.account_id)), '{}');
end""",
        (),
    ),
    function(
        "tell_of_appointment",
        "p_authority uuid, p_school uuid, p_id uuid, p_kind text, p_person uuid",
        "void",
        """
declare v_person uuid;
begin
  -- Everybody concerned at once: who leads, reads and decides at that place, and who is appointed once they are in.
  if p_school is not null then
    for v_person in select distinct x from unnest(identity.acting('school_lead', p_authority, p_school)
      || identity.acting('school_dsl', p_authority, p_school)
      || case when p_kind in ('appointment_agreed', 'reset_asked') then array[p_person] else '{}' end) x
    loop
      perform identity.write_message(p_authority, p_school, p_kind || '_at_school', 'email', v_person,
        p_id || ':' || v_person, 3);
    end loop;
  end if;
  for v_person in select distinct x from unnest(identity.acting('named_officer', p_authority, null)
    || identity.acting('authority_admin', p_authority, null)
    || case when p_school is null and p_kind in ('appointment_agreed', 'reset_asked') then array[p_person]
      else '{}' end) x
  loop
    perform identity.write_message(p_authority, null, p_kind || '_at_council', 'email', v_person,
      p_id || ':' || v_person, 3);
  end loop;
end""",
        (),
    ),
    function(
        "note_appointment",
        "p_authority uuid, p_school uuid, p_kind text, p_step text, p_person uuid, p_role text",
        "void",
        """
declare v_event text := 'schools:' || case p_kind when 'reset' then 'reset' else 'appointment' end || ':' || p_step;
begin
  -- In the history of both: of the school and of the council.
  if p_school is not null then
    insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, actor_id, details, at)
      values (p_school, gen_random_uuid(), v_event, p_person, current_setting('role'), 'system', app.person_id(),
        jsonb_build_object('role', p_role), app.now());
  end if;
  insert into public.authority_audit_event (authority_id, id, event, subject_id, actor_audience, actor_role, actor_id,
      details, at)
    values (p_authority, gen_random_uuid(), v_event, p_person, current_setting('role'), 'system', app.person_id(),
      jsonb_build_object('role', p_role), app.now());
end""",
        (),
    ),
    function(
        "is_first_holder",
        "p_role text, p_authority uuid, p_school uuid, p_name text",
        "boolean",
        """
begin
  -- Before any parent is there whose words somebody could read: while nobody holds the role, or for those who read
  -- concerns by the names in the agreement.
  if p_school is not null then
    return not exists (select from public.parent p where p.school_id = p_school)
      and (identity.acting(p_role, p_authority, p_school) = '{}' or exists (select from public.school k
        where k.school_id = p_school and k.stage not in ('active', 'paused') and p_role = 'school_dsl'
          and lower(btrim(p_name)) in (lower(btrim(k.dsl_name)), lower(btrim(k.dsl_deputy)))));
  end if;
  if identity.acting(p_role, p_authority, p_school) <> '{}' then return false; end if;
  return not exists (select from public.parent p join public.school k on k.school_id = p.school_id
    where k.authority_id = p_authority);
end""",
        (),
    ),
    function(
        "ask_appointment",
        "p_new uuid, p_kind text, p_school uuid, p_person uuid",
        "text",
        """
declare v_role text; v_name text; v_email text; v_asker uuid := identity.own_account(); v_asker_name text;
  v_basis text := 'second_person'; v_seconds uuid[]; v_open uuid;
begin
  -- 'free': no second person is needed. 'begins': at once. 'waits': for somebody to agree. 'nobody': there is no one
  -- who could, so nothing is written. What is to be is read from the list of people, not from the caller.
  if v_asker is null or current_setting('role') not in ('wb_school', 'wb_dsl', 'wb_authority')
    or (current_setting('role') <> 'wb_authority' and p_school is distinct from app.school_id())
    or (p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids()))
  then raise insufficient_privilege; end if;
  perform identity.hold_place(app.authority_id(), p_school);
  if p_school is null then
    select m.role, m.name, lower(m.email) into v_role, v_name, v_email from public.authority_member m
      where m.authority_id = app.authority_id() and m.id = p_person and m.ended_at is null;
  else
    select m.role, m.name, lower(m.email) into v_role, v_name, v_email from public.staff_member m
      where m.school_id = p_school and m.id = p_person and m.ended_at is null;
  end if;
  if v_role is null then raise insufficient_privilege; end if;
  if p_kind = 'appoint' and not identity.is_guarded(v_role, current_setting('role')) then return 'free'; end if;
  if p_kind = 'reset' and not identity.sees_more(p_person, v_role) then return 'free'; end if;
  if p_school is null then
    select a.id into v_open from public.authority_appointment a where a.authority_id = app.authority_id()
      and a.person_id = p_person and a.kind = p_kind and a.stopped_at is null and a.done_at is null;
  else
    select a.id into v_open from public.appointment a where a.school_id = p_school
      and a.person_id = p_person and a.kind = p_kind and a.stopped_at is null and a.done_at is null;
  end if;
  if v_open is not null then return 'waits'; end if;
  if p_kind = 'appoint' and identity.is_first_holder(v_role, app.authority_id(), p_school, v_name) then
    v_basis := 'first_holder';
  else
    v_seconds := identity.seconds_of(v_role, app.authority_id(), p_school, v_asker, p_person);
    if v_seconds = '{}' then return 'nobody'; end if;
  end if;
  select a.name into v_asker_name from identity.account a where a.id = v_asker;
  if p_school is null then
    insert into public.authority_appointment (authority_id, id, kind, person_id, role, name, email, basis, asked_by,
        asked_by_name, asked_at, begins_at)
      values (app.authority_id(), p_new, p_kind, p_person, v_role, v_name, v_email, v_basis, v_asker, v_asker_name,
        app.now(), case v_basis when 'first_holder' then app.now() end);
  else
    insert into public.appointment (school_id, id, kind, person_id, role, name, email, basis, asked_by, asked_by_name,
        asked_at, begins_at)
      values (p_school, p_new, p_kind, p_person, v_role, v_name, v_email, v_basis, v_asker, v_asker_name, app.now(),
        case v_basis when 'first_holder' then app.now() end);
  end if;
  perform identity.note_appointment(app.authority_id(), p_school, p_kind, 'asked', p_person, v_role);
  if v_basis = 'first_holder' then return 'begins'; end if;
  perform identity.tell_of_appointment(app.authority_id(), p_school, p_new,
    case p_kind when 'reset' then 'reset_asked' else 'appointment_asked' end, p_person);
  return 'waits';
end""",
        ASKERS,
    ),
    function(
        "sees_more",
        "p_person uuid, p_role text",
        "boolean",
        """
begin
  -- Whether resetting this colleague's way in touches more than the one who asks may see: a role that is guarded, or
  -- any role of the same account at another place.
  return identity.is_guarded(p_role, current_setting('role'))
    or exists (select from identity.membership m where m.account_id = any (app.accounts_of(p_person, p_role))
      and m.ended_at is null and (identity.is_guarded(m.role, current_setting('role'))
        or m.in_authority is distinct from app.authority_id()
        or (current_setting('role') <> 'wb_authority' and m.in_school is distinct from app.school_id())));
end""",
        (),
    ),
    function(
        "may_agree_to_appointments",
        "p_appointments uuid[]",
        "uuid[]",
        """
begin
  -- Of these appointments, those to which the scope's person may agree now.
  return coalesce((select array_agg(x.id) from (
      select a.id, a.role, k.authority_id, a.school_id, a.asked_by, a.person_id from public.appointment a
        join public.school k on k.school_id = a.school_id
        where a.id = any (p_appointments) and a.agreed_at is null and a.stopped_at is null and a.basis = 'second_person'
          and k.authority_id = app.authority_id() and (app.school_id() is null or a.school_id = app.school_id())
      union all select a.id, a.role, a.authority_id, null, a.asked_by, a.person_id from public.authority_appointment a
        where a.id = any (p_appointments) and a.agreed_at is null and a.stopped_at is null and a.basis = 'second_person'
          and a.authority_id = app.authority_id() and app.school_id() is null) x
    where identity.own_account() is not null
      and app.person_id() = any (identity.seconds_of(x.role, x.authority_id, x.school_id, x.asked_by, x.person_id))),
    '{}');
end""",
        DECIDERS,
    ),
    function(
        "agree_appointment",
        "p_appointment uuid",
        "timestamptz",
        """
declare v_begins timestamptz := app.now() + interval '1 day'; v_school uuid; v_person uuid; v_role text; v_kind text;
  v_name text;
begin
  -- When it begins; null when the scope's person may not agree, or somebody stopped it or agreed before.
  perform 1 from public.appointment a where a.id = p_appointment for update;
  perform 1 from public.authority_appointment a where a.id = p_appointment for update;
  if p_appointment <> all (identity.may_agree_to_appointments(array[p_appointment])) then return null; end if;
  select a.name into v_name from identity.account a where a.id = identity.own_account();
  update public.appointment a set agreed_by = identity.own_account(), agreed_by_name = v_name, agreed_at = app.now(),
      begins_at = v_begins where a.id = p_appointment returning a.school_id, a.person_id, a.role, a.kind
    into v_school, v_person, v_role, v_kind;
  if not found then
    update public.authority_appointment a set agreed_by = identity.own_account(), agreed_by_name = v_name,
        agreed_at = app.now(), begins_at = v_begins where a.id = p_appointment returning a.person_id, a.role, a.kind
      into v_person, v_role, v_kind;
  end if;
  if v_kind = 'appoint' then perform app.begin_membership(v_person, v_role, v_begins); end if;
  perform identity.note_appointment(app.authority_id(), v_school, v_kind, 'agreed', v_person, v_role);
  perform identity.tell_of_appointment(app.authority_id(), v_school, p_appointment,
    case v_kind when 'reset' then 'reset_agreed' else 'appointment_agreed' end, v_person);
  return v_begins;
end""",
        DECIDERS,
    ),
    function(
        "stop_appointment",
        "p_appointment uuid",
        "boolean",
        """
declare v_school uuid; v_person uuid; v_role text; v_kind text; v_name text; v_account uuid := identity.own_account();
begin
  -- Whoever was told may stop it until it begins: leads and readers of the school, and the council's people.
  if v_account is null then return false; end if;
  select a.name into v_name from identity.account a where a.id = v_account;
  update public.appointment a set stopped_by = v_account, stopped_by_name = v_name, stopped_at = app.now()
    from public.school k
    where k.school_id = a.school_id and a.id = p_appointment and k.authority_id = app.authority_id()
      and (app.school_id() is null or a.school_id = app.school_id()) and a.stopped_at is null and a.done_at is null
      and (a.begins_at is null or a.begins_at > app.now())
    returning a.school_id, a.person_id, a.role, a.kind into v_school, v_person, v_role, v_kind;
  if not found then
    update public.authority_appointment a set stopped_by = v_account, stopped_by_name = v_name, stopped_at = app.now()
      where a.id = p_appointment and a.authority_id = app.authority_id() and app.school_id() is null
        and a.stopped_at is null and a.done_at is null and (a.begins_at is null or a.begins_at > app.now())
      returning a.person_id, a.role, a.kind into v_person, v_role, v_kind;
    if not found then return false; end if;
  end if;
  if v_kind = 'appoint' then
    perform app.drop_coming_membership(v_person, v_role);
    update identity.token t set cancelled_at = app.now() where t.person_id = v_person and t.used_at is null
      and t.cancelled_at is null;
    update public.staff_member m set ended_at = app.now() where m.school_id = v_school and m.id = v_person
      and m.ended_at is null;
    update public.authority_member m set ended_at = app.now() where v_school is null
      and m.authority_id = app.authority_id() and m.id = v_person and m.ended_at is null;
  end if;
  perform identity.note_appointment(app.authority_id(), v_school, v_kind, 'stopped', v_person, v_role);
  perform identity.tell_of_appointment(app.authority_id(), v_school, p_appointment,
    case v_kind when 'reset' then 'reset_stopped' else 'appointment_stopped' end, v_person);
  return true;
end""",
        DECIDERS,
    ),
)
