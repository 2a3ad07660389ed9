-- Owned by wb_identity; called by wb_authority, wb_officer, wb_school.
CREATE OR REPLACE FUNCTION identity.agree_appointment(p_appointment uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

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
end
$function$;
