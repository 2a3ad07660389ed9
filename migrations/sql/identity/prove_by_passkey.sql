-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.prove_by_passkey(p_hash bytea, p_credential_id bytea, p_sign_count bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- A key of this very account; and at work one that was made there.
  if not exists (select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.passkey k on k.account_id = a.id and k.credential_id = p_credential_id
    where s.token_hash = p_hash and (k.at_work or m.role in ('parent', 'facilitator'))) then
    return false;
  end if;
  return identity.use_passkey(p_credential_id, p_sign_count) and identity.confirm_session(p_hash, app.now());
end
$function$;
