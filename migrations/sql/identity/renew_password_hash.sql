-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.renew_password_hash(p_account uuid, p_old text, p_new text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The same password at another cost; nothing happened that a history would tell, or that ends a calendar's link.
  perform set_config('app.same_password', p_account::text, true);
  update identity.account a set password_hash = p_new where a.id = p_account and a.password_hash = p_old;
  perform set_config('app.same_password', '', true);
end
$function$;
