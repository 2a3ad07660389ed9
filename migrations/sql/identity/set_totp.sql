-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.set_totp(p_account_id uuid, p_secret text, p_step bigint, p_codes bytea[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Only an account that has none: replacing one takes a colleague's reset first.
  update identity.account a set totp_secret = p_secret, totp_last_step = p_step
    where a.id = p_account_id and a.totp_secret is null;
  if not found then return false; end if;
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
  -- The very first one is set by whoever has just joined. Later ones follow a reset, by whoever has the password.
  if exists (select from identity.sign_in_event e where e.account_id = p_account_id
    and e.event in ('second_factor_set', 'second_factor_reset')) then
    perform identity.tell_at_work('work_app_set', p_account_id);
  end if;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'second_factor_set');
  return true;
end
$function$;
