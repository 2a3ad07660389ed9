-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_told_apart(p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return identity.has_own_key(p_account) or not identity.shares_address(p_account);
end
$function$;
