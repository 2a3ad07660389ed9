-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_officers(p_authority uuid, p_concern uuid, p_why text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_person uuid; v_readers uuid[] := identity.readers_of('named_officer', p_authority, null, p_concern);
begin
  foreach v_person in array v_readers loop
    perform identity.tell_reader(p_authority, null, v_person, p_concern, p_why);
  end loop;
  if v_readers = '{}' then perform identity.tell_appointers(p_authority); end if;
end
$function$;
