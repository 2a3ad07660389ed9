-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.replace_recovery_codes(p_account_id uuid, p_codes bytea[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
  perform identity.tell_at_work('work_codes_renewed', p_account_id);
end
$function$;
