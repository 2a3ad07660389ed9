-- Owned by wb_identity; called by wb_authority, wb_school.
CREATE OR REPLACE FUNCTION identity.ask_appointment(p_new uuid, p_kind text, p_school uuid, p_person uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_role text; v_name text; v_email text; v_asker uuid := identity.own_account(); v_asker_name text;
  v_basis text := 'second_person'; v_seconds uuid[]; v_open uuid; v_deputy boolean;
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
    select m.role, m.name, lower(m.email), m.is_deputy into v_role, v_name, v_email, v_deputy
      from public.staff_member m
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
  if p_kind = 'appoint' and identity.is_first_holder(v_role, app.authority_id(), p_school, p_person) then
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
        asked_at, begins_at, is_deputy)
      values (p_school, p_new, p_kind, p_person, v_role, v_name, v_email, v_basis, v_asker, v_asker_name, app.now(),
        case v_basis when 'first_holder' then app.now() end, v_deputy);
  end if;
  perform identity.note_appointment(app.authority_id(), p_school, p_kind, 'asked', p_person, v_role);
  if v_basis = 'first_holder' then
    if v_role = 'school_dsl' then
      perform identity.tell_of_appointment(app.authority_id(), p_school, p_new, 'first_reader', p_person);
    end if;
    return 'begins';
  end if;
  perform identity.tell_of_appointment(app.authority_id(), p_school, p_new,
    case p_kind when 'reset' then 'reset_asked' else 'appointment_asked' end, p_person);
  return 'waits';
end
$function$;
