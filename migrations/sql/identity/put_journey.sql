-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.put_journey(p_hash bytea, p_id uuid, p_journey jsonb, p_expires_at timestamp with time zone, p_idle interval)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  insert into identity.browser_session as s (token_hash, id, journey, expires_at, idle)
    values (p_hash, p_id, p_journey, p_expires_at, p_idle)
    on conflict (token_hash) do update set journey = excluded.journey;
end
$function$;
