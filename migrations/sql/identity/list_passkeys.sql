-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.list_passkeys(p_hash bytea)
 RETURNS TABLE(id uuid, credential_id bytea, name text, created_at timestamp with time zone, last_used_at timestamp with time zone, at_work boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select k.id, k.credential_id, k.name, k.created_at, k.last_used_at, k.at_work from identity.passkey k
    where k.account_id = (select s.account_id from identity.browser_session s where s.token_hash = p_hash)
    order by k.created_at, k.id;
end
$function$;
