-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.put_challenge(p_hash bytea, p_challenge bytea, p_for text, p_until timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  update identity.browser_session s set challenge = p_challenge, challenge_for = p_for, challenge_until = p_until
    where s.token_hash = p_hash;
  return found;
end
$function$;
