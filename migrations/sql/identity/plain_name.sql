-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.plain_name(p_name text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- As `app/schools/naming.py` compares: small letters, single spaces.
  return lower(btrim(regexp_replace(p_name, '\s+', ' ', 'g')));
end
$function$;
