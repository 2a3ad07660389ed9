-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.set_own_key(p_hash bytea, p_key text, p_value text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid;
begin
  -- In a browser that has just shown who sits there; the first of each also in the browser that joined just now. A
  -- first PIN on a shared address is asked for, and taken wherever nobody else can have come in since.
  select a.id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator') and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (case p_key when 'pin' then not identity.has_own_key(a.id) else a.words_hash is null end
          and (identity.is_first_session(s.created_at, m.created_at, a.id)
            or (p_key = 'pin' and identity.shares_address(a.id)
              and not identity.may_be_another(a.id, s.created_at)))))
    for update of a;
  if v_account is null or p_key not in ('pin', 'words') then return false; end if;
  update identity.account a set pin_hash = case when p_key = 'pin' then p_value else a.pin_hash end,
      words_hash = case when p_key = 'words' then p_value else a.words_hash end where a.id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, p_key || '_set');
  return true;
end
$function$;
