-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.remove_mobile(p_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  delete from identity.work_mobile w where w.account_id =
    (select s.account_id from identity.browser_session s where s.token_hash = p_hash);
  return found;
end
$function$;
