-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.confirm_mobile(p_hash bytea, p_code_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token;
begin
  -- One statement decides: the code of this browser, once, in time.
  update identity.token t set used_at = app.now() where t.purpose = 'mobile' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    and t.account_id = (select s.account_id from identity.browser_session s where s.token_hash = p_hash)
    returning * into used;
  if not found then return false; end if;
  insert into identity.work_mobile (account_id, phone, confirmed_at) values (used.account_id, used.address, app.now())
    on conflict (account_id) do update set phone = excluded.phone, confirmed_at = excluded.confirmed_at;
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'mobile_confirmed');
  return true;
end
$function$;
