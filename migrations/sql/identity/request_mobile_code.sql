-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.request_mobile_code(p_hash bytea, p_phone text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_member identity.membership; v_name text;
begin
  -- Somebody at work, to a number that they say is theirs: nothing is kept of it but this until the code comes back.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role not in ('parent', 'facilitator');
  select a.name into v_name from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_name is null then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'mobile' and t.account_id = v_member.account_id
    and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'mobile', v_member.account_id, v_member.in_authority, v_member.in_school, 'sms', p_phone,
      v_name, p_outbox_id, p_hash, p_code_hash, p_expires_at);
  if v_member.in_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (v_member.in_authority, p_outbox_id, 'mobile_code', 'sms', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, app.now(), p_expires_at, '', app.now());
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_member.in_school, p_outbox_id, 'mobile_code', 'sms', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, app.now(), p_expires_at, '', app.now());
  end if;
  return true;
end
$function$;
