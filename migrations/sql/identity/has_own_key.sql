-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.has_own_key(p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- What tells two people at one address apart: a PIN or a passkey.
  return exists (select from identity.account a where a.id = p_account and a.pin_hash is not null)
    or exists (select from identity.passkey k where k.account_id = p_account);
end
$function$;
