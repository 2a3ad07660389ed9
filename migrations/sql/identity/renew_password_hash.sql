-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.renew_password_hash(p_account uuid, p_old text, p_new text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The same password at another cost; nothing happened that a history would tell.
  update identity.account a set password_hash = p_new where a.id = p_account and a.password_hash = p_old;
end
$function$;
