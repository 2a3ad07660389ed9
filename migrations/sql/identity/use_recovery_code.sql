-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_recovery_code(p_account_id uuid, p_code bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  update identity.recovery_code c set used_at = app.now()
    where c.account_id = p_account_id and c.code_hash = p_code and c.used_at is null;
  if found then
    insert into identity.sign_in_event (account_id, event) values (p_account_id, 'recovery_code_used');
    return true;
  end if;
  return false;
end
$function$;
