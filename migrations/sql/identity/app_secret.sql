-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.app_secret(p_account_id uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Sealed, for the one step that checks a code.
  return (select a.totp_secret from identity.account a where a.id = p_account_id and a.disabled_at is null);
end
$function$;
