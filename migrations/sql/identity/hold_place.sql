-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.hold_place(p_authority uuid, p_school uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whoever counts people of a place, or changes who they are, waits for the other.
  perform pg_advisory_xact_lock(hashtextextended('people:' || coalesce(p_school, p_authority)::text, 0));
end
$function$;
