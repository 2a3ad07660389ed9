-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.disconnect_federated(p_hash bytea, p_id uuid, p_providers text[])
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid := (select s.account_id from identity.browser_session s where s.token_hash = p_hash);
begin
  if not exists (select from identity.federated_identity f where f.id = p_id and f.account_id = v_account) then
    return 'unknown';
  end if;
  if not identity.way_in_may_go(v_account, p_id, p_providers) then return 'last'; end if;
  delete from identity.federated_identity f where f.id = p_id and f.account_id = v_account;
  if not found then return 'unknown'; end if;
  delete from identity.browser_session s where s.account_id = v_account and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'provider_disconnected');
  perform identity.tell_at_work('work_account_disconnected', v_account);
  return 'disconnected';
end
$function$;
