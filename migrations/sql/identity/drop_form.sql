-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.drop_form(p_id uuid, p_made_for bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin delete from identity.kept_form k where k.id = p_id and k.made_for = p_made_for; end
$function$;
