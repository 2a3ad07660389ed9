-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.own_mobile(p_hash bytea)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return (select w.phone from identity.browser_session s join identity.work_mobile w on w.account_id = s.account_id
    where s.token_hash = p_hash);
end
$function$;
