-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_password_reset(p_hash bytea, p_password_hash text, p_outbox_id uuid, p_not_after timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'password_reset'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() returning * into used;
  if not found then return false; end if;
  update identity.account a set password_hash = p_password_hash where a.id = used.account_id
    and a.disabled_at is null and a.password_hash is not null and a.email = used.address
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role not in ('parent', 'facilitator'));
  if not found then return false; end if;
  -- Whoever knew the old one is out everywhere. App, passkeys and recovery codes stay as they were.
  delete from identity.browser_session s where s.account_id = used.account_id;
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'password_reset');
  -- To the address that the link went to: its owner learns of it, whoever pressed.
  if used.in_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, subject_id,
        dedupe_key, state, attempt, next_at, not_after, problem, created_at)
      values (used.in_authority, p_outbox_id, 'password_was_reset', 'email', 'token', p_outbox_id, used.outbox_id,
        p_outbox_id::text, 'queued', 0, app.now(), p_not_after, '', app.now());
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (used.in_school, p_outbox_id, 'password_was_reset', 'email', 'token', p_outbox_id, used.outbox_id,
        p_outbox_id::text, 'queued', 0, app.now(), p_not_after, '', app.now());
  end if;
  return true;
end
$function$;
