-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.take_challenge(p_hash bytea, p_for text)
 RETURNS bytea
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_session identity.browser_session;
begin
  -- Taken whatever comes of it: right, wrong, late or meant for something else, it answers once.
  select * into v_session from identity.browser_session s where s.token_hash = p_hash for update;
  if not found or v_session.challenge is null then return null; end if;
  update identity.browser_session s set challenge = null, challenge_for = null, challenge_until = null
    where s.token_hash = p_hash;
  if v_session.challenge_for <> p_for or v_session.challenge_until <= app.now() then return null; end if;
  return v_session.challenge;
end
$function$;
