-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.connect_federated(p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid; v_holder uuid;
begin
  -- To the account of this browser's session and to no other.
  select s.account_id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role not in ('parent', 'facilitator');
  if v_account is null then return 'nobody'; end if;
  insert into identity.federated_identity (id, account_id, provider, issuer, subject)
    values (p_id, v_account, p_provider, p_issuer, p_subject)
    on conflict on constraint federated_identity_is_one_account do nothing;
  if found then
    insert into identity.sign_in_event (account_id, event) values (v_account, 'provider_connected');
    perform identity.tell_at_work('work_account_connected', v_account);
    return 'connected';
  end if;
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  return case when v_holder = v_account then 'connected' else 'taken' end;
end
$function$;
