-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.start_session(p_old_hash bytea, p_hash bytea, p_id uuid, p_membership_id uuid, p_data jsonb, p_expires_at timestamp with time zone, p_idle interval, p_label text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid; v_old identity.browser_session;
begin
  -- Signing in, or changing role, always gets a new secret; the one before it is worth nothing.
  delete from identity.browser_session s where s.token_hash = p_old_hash returning * into v_old;
  select m.account_id into v_account from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
  if v_account is null then return false; end if;
  -- Whoever was signed in here as the same person has been here since then: a link that they opened makes nobody new.
  insert into identity.browser_session (token_hash, id, account_id, membership_id, data, expires_at, idle, label,
      created_at)
    values (p_hash, p_id, v_account, p_membership_id, p_data, least(p_expires_at, app.now() + interval '12 hours'),
      least(p_idle, interval '2 hours'), p_label,
      case when v_old.account_id = v_account and v_old.expires_at > app.now()
        and v_old.last_seen_at + v_old.idle > app.now() then v_old.created_at else app.now() end);
  insert into identity.sign_in_event (account_id, event) values (v_account, 'session_started');
  return true;
end
$function$;
