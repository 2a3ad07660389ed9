-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_of_appointment(p_authority uuid, p_school uuid, p_id uuid, p_kind text, p_person uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_person uuid; v_own text := case p_kind when 'appointment_agreed' then 'appointment_yours'
  when 'reset_asked' then 'reset_asked_yours' when 'reset_agreed' then 'reset_yours' end;
begin
  -- Everybody concerned at once: who leads, reads and decides at that place; and whom it is about, in their own words.
  if p_school is not null then
    for v_person in select distinct x from unnest(identity.acting('school_lead', p_authority, p_school)
      || identity.acting('school_dsl', p_authority, p_school)) x where v_own is null or x <> p_person
    loop
      perform identity.write_message(p_authority, p_school, p_kind || '_at_school', 'email', v_person,
        p_id || ':' || v_person, 3);
    end loop;
  end if;
  for v_person in select distinct x from unnest(identity.acting('named_officer', p_authority, null)
    || identity.acting('authority_admin', p_authority, null)) x where v_own is null or x <> p_person
  loop
    perform identity.write_message(p_authority, null, p_kind || '_at_council', 'email', v_person,
      p_id || ':' || v_person, 3);
  end loop;
  if v_own is not null then
    perform identity.write_message(p_authority, p_school,
      v_own || case when p_school is null then '_at_council' else '_at_school' end, 'email', p_person,
      p_id || ':' || p_person, 3);
  end if;
end
$function$;
