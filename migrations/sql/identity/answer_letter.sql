-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.answer_letter(p_hash bytea, p_channel text, p_address text, p_outbox_id uuid, p_token_hash bytea, p_browser_hash bytea, p_code_hash bytea, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_letter identity.token;
begin
  -- Whoever holds a letter has a link sent to an address of theirs. It works in the browser that asks, so that one who
  -- mistyped it invites no stranger; and the letter asks again until they have come in.
  select t.* into v_letter from identity.token t where t.token_hash = p_hash and t.channel = 'letter'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found or p_browser_hash is null or p_address = '' then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = v_letter.outbox_id and t.used_at is null
    and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      invited_by, outbox_id, browser_hash, code_hash, expires_at, subject_id)
    values (p_token_hash, 'parent_invitation', 'parent', v_letter.in_authority, v_letter.in_school, v_letter.person_id,
      p_channel, p_address, v_letter.name, v_letter.invited_by, p_outbox_id, p_browser_hash, p_code_hash, p_expires_at,
      v_letter.outbox_id);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_letter.in_school, p_outbox_id, 'sign_in_link', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end
$function$;
