-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.confirm_session(p_hash bytea, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid;
begin
  -- Never later than now: a proof cannot be given in advance.
  update identity.browser_session s set confirmed_at = least(p_at, app.now())
    where s.token_hash = p_hash and s.membership_id is not null returning s.account_id into v_account;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'confirmed');
  return true;
end
$function$;
