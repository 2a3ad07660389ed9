-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.request_move(p_hash bytea, p_account_id uuid, p_channel text, p_address text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_member identity.membership; v_name text;
begin
  -- From a browser that is signed in and has just shown who sits there; or, with an account's id, from one whose four
  -- words the application has checked. Six digits go to the new address; nothing has changed yet.
  select m.* into v_member from identity.membership m join identity.account a on a.id = m.account_id
    where a.disabled_at is null and m.ended_at is null and m.role in ('parent', 'facilitator')
      and (m.account_id = p_account_id or (p_account_id is null and m.id = (select s.membership_id
        from identity.browser_session s where s.token_hash = p_hash and s.expires_at > app.now()
          and s.confirmed_at > app.now() - interval '30 minutes')))
    order by m.created_at desc, m.id limit 1;
  if v_member.id is null then return false; end if;
  select a.name into v_name from identity.account a where a.id = v_member.account_id;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'move'
    and t.account_id = v_member.account_id and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'move', v_member.account_id, v_member.in_authority, v_member.in_school, p_channel,
      p_address, identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_name), p_outbox_id,
      p_hash, p_code_hash, p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'way_in_code', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end
$function$;
