-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_appointers(p_authority uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_person uuid;
begin
  -- Those who can appoint somebody hear that nobody reads a concern, once a day, and nothing of what it is.
  foreach v_person in array identity.acting('authority_admin', p_authority, null) loop
    perform identity.write_message(p_authority, null, 'nobody_reads_concerns', 'email', v_person,
      'nobody:' || to_char(app.now(), 'YYYY-MM-DD') || ':' || v_person, 3);
  end loop;
end
$function$;
