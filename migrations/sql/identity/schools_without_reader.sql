-- Owned by wb_identity; called by wb_authority, wb_officer.
CREATE OR REPLACE FUNCTION identity.schools_without_reader()
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return coalesce((select array_agg(k.school_id) from public.school k where k.authority_id = app.authority_id()
    and k.stage in ('active', 'paused') and identity.acting('school_dsl', k.authority_id, k.school_id) = '{}'), '{}');
end
$function$;
