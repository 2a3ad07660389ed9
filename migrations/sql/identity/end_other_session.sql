-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.end_other_session(p_hash bytea, p_session_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- No id: everywhere but here.
  delete from identity.browser_session s where (p_session_id is null or s.id = p_session_id) and s.token_hash <> p_hash
    and s.account_id = (select t.account_id from identity.browser_session t where t.token_hash = p_hash);
  return found;
end
$function$;
