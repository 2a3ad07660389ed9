-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.touch_session(p_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Once a minute, and never back to life.
  update identity.browser_session s set last_seen_at = app.now() where s.token_hash = p_hash
    and s.last_seen_at < app.now() - interval '60 seconds'
    and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
end
$function$;
