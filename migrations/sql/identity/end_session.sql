-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.end_session(p_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin delete from identity.browser_session s where s.token_hash = p_hash; end
$function$;
