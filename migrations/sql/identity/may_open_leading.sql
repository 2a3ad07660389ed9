-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.may_open_leading(p_school uuid, p_person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether somebody stands where they have pages of their own as one who leads.
  return exists (select from public.facilitator f where f.school_id = p_school and f.id = p_person
    and f.stage in ('ready', 'leading', 'resting'));
end
$function$;
