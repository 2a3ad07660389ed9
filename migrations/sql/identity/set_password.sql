-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.set_password(p_account_id uuid, p_password_hash text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  update identity.account a set password_hash = p_password_hash where a.id = p_account_id;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'password_set');
  perform identity.tell_at_work('work_password_changed', p_account_id);
end
$function$;
