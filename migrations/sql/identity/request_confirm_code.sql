-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.request_confirm_code(p_hash bytea, p_channel text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_member identity.membership; v_address text; v_name text;
begin
  -- Only to an address that this very person confirmed, at joining or a day ago, and that is theirs alone.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role in ('parent', 'facilitator');
  select case when p_channel = 'email' and identity.proves(a.email_since, a.created_at) then a.email
      when p_channel = 'sms' and identity.proves(a.phone_since, a.created_at) then a.phone end, a.name
    into v_address, v_name from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_address is null or identity.is_shared(v_member.account_id, p_channel, v_address) then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'confirm'
    and t.account_id = v_member.account_id and t.used_at is null and t.cancelled_at is null;
  -- Without the person: lists of people would take it for an invitation.
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'confirm', v_member.account_id, v_member.in_authority, v_member.in_school, p_channel,
      v_address, v_name, p_outbox_id, p_hash, p_code_hash, p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'confirm_code', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end
$function$;
