-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.remove_passkey(p_hash bytea, p_id uuid, p_providers text[])
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid; v_at_work boolean;
begin
  select s.account_id, m.role not in ('parent', 'facilitator') into v_account, v_at_work from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null where s.token_hash = p_hash;
  -- Each side has its own: who came in by a link takes nothing from work.
  if not exists (select from identity.passkey k where k.id = p_id and k.account_id = v_account
    and k.at_work = v_at_work) then
    return 'unknown';
  end if;
  if v_at_work then
    if not identity.way_in_may_go(v_account, p_id, p_providers) then return 'last'; end if;
  else
    -- Links go on coming; but where another person gets them too, something of their own has to stay.
    perform from identity.account a where a.id = v_account for update;
    if identity.shares_address(v_account)
      and not exists (select from identity.account a where a.id = v_account and a.pin_hash is not null)
      and not exists (select from identity.passkey k where k.account_id = v_account and k.id <> p_id) then
      return 'last';
    end if;
  end if;
  delete from identity.passkey k where k.id = p_id and k.account_id = v_account;
  -- The same press twice: the first took it.
  if not found then return 'unknown'; end if;
  -- Whoever came in by it elsewhere is out.
  delete from identity.browser_session s where s.account_id = v_account and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_removed');
  if v_at_work then perform identity.tell_at_work('work_passkey_removed', v_account); end if;
  return 'removed';
end
$function$;
