-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_guarded(p_role text, p_audience text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether somebody in this role sees more than those whom this audience serves, or could stand in for their second.
  return p_role in ('school_dsl', 'named_officer', 'authority_admin')
    or (p_role = 'school_lead' and p_audience not in ('wb_school', 'wb_dsl'));
end
$function$;
