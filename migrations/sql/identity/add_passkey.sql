-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.add_passkey(p_hash bytea, p_id uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint, p_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account identity.account; v_at_work boolean; v_in_school uuid; v_in_authority uuid;
begin
  select m.role not in ('parent', 'facilitator'), m.in_authority, m.in_school, a.id
    into v_at_work, v_in_authority, v_in_school, v_account.id
    from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    where s.token_hash = p_hash;
  -- Held, so that two presses see each other's.
  select a.* into v_account from identity.account a where a.id = v_account.id for update;
  if v_account.id is null or (select count(*) from identity.passkey k where k.account_id = v_account.id) >= 20 then
    return false;
  end if;
  -- Whoever adds one has just shown who sits there. In the pages of who comes in by a link a first key may be made
  -- where a first PIN may be chosen.
  if not exists (select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (not v_at_work and not identity.has_own_key(v_account.id)
          and (identity.is_first_session(s.created_at, m.created_at, v_account.id)
            or (identity.shares_address(v_account.id)
              and not identity.may_be_another(v_account.id, s.created_at)))))) then
    return false;
  end if;
  insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name, at_work)
    values (p_id, v_account.id, p_credential_id, p_public_key, p_sign_count, p_name, v_at_work)
    on conflict (credential_id) do nothing;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'passkey_added');
  if v_at_work then
    perform identity.tell_at_work('work_passkey_added', v_account.id);
  else
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'email', v_account.email,
      v_account.name);
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'sms', v_account.phone,
      v_account.name);
  end if;
  return true;
end
$function$;
