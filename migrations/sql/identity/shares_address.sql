-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.shares_address(p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return exists (select from identity.account a where a.id = p_account
    and (identity.is_shared(a.id, 'email', a.email) or identity.is_shared(a.id, 'sms', a.phone)));
end
$function$;
