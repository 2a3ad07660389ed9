-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.add_passkey(p_hash bytea, p_id uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint, p_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid;
begin
  -- Only for somebody who is signed in as one of the people at work.
  select s.account_id into v_account from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    where s.token_hash = p_hash and m.role not in ('parent', 'facilitator');
  if v_account is null or (select count(*) from identity.passkey k where k.account_id = v_account) >= 20 then
    return false;
  end if;
  insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)
    values (p_id, v_account, p_credential_id, p_public_key, p_sign_count, p_name)
    on conflict (credential_id) do nothing;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_added');
  return true;
end
$function$;
