-- Owned by wb_identity; called by wb_authority, wb_officer, wb_school.
CREATE OR REPLACE FUNCTION identity.stop_appointment(p_appointment uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

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
end
$function$;
