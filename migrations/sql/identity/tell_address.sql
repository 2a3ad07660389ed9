-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_address(p_kind text, p_authority uuid, p_school uuid, p_channel text, p_address text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_id uuid := gen_random_uuid();
begin
  -- A notice to an address, whoever has it now: no link in it opens anything.
  if coalesce(p_address, '') = '' then return; end if;
  insert into identity.token (token_hash, purpose, in_authority, in_school, channel, address, name, outbox_id,
      expires_at, used_at)
    values (sha256(uuid_send(v_id)), 'notice', p_authority, p_school, p_channel, p_address, p_name, v_id,
      app.now() + interval '7 days', app.now());
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (p_school, v_id, p_kind, p_channel, 'token', v_id, v_id::text, 'queued', 0, app.now(),
      app.now() + interval '7 days', '', app.now());
end
$function$;
