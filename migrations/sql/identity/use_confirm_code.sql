-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_confirm_code(p_hash bytea, p_code_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- One statement decides: the code of this browser, once, in time.
  update identity.token t set used_at = app.now() where t.purpose = 'confirm' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now();
  return found;
end
$function$;
