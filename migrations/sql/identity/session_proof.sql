-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.session_proof(p_hash bytea)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Seconds since this browser's last proof; null when it has given none.
  return (select extract(epoch from app.now() - s.confirmed_at)::integer from identity.browser_session s
    where s.token_hash = p_hash and s.membership_id is not null);
end
$function$;
