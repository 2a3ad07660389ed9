-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.tell_of_addition()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_authority uuid; v_person uuid;
begin
  if current_setting('role') <> 'wb_dsl' then return null; end if;
  select h.authority_id into v_authority from public.concern_handover h
    where h.school_id = new.school_id and h.concern_id = new.concern_id;
  if v_authority is null then return null; end if;
  foreach v_person in array identity.readers_of('named_officer', v_authority, null, new.concern_id) loop
    perform identity.write_message(v_authority, null, 'concern_added_to', 'email', v_person,
      'added:' || new.id || ':' || v_person, 3);
  end loop;
  return null;
end
$function$;
