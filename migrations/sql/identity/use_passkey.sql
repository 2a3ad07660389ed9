-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_passkey(p_credential_id bytea, p_sign_count bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid;
begin
  -- A counter only goes up; where it does not, a copy may be about. Some keys count nothing: always 0.
  update identity.passkey k set sign_count = p_sign_count, last_used_at = app.now()
    where k.credential_id = p_credential_id and (k.sign_count < p_sign_count or (k.sign_count = 0 and p_sign_count = 0))
    returning k.account_id into v_account;
  if found then
    insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_used');
    return true;
  end if;
  insert into identity.sign_in_event (account_id, event)
    select k.account_id, 'passkey_counter_went_back' from identity.passkey k where k.credential_id = p_credential_id;
  return false;
end
$function$;
