-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_at_work(p_kind text, p_account uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_id uuid := gen_random_uuid(); v_account identity.account; v_place identity.membership;
begin
  -- A notice to the address of somebody's account, by the place where they work: no link in it opens anything.
  select a.* into v_account from identity.account a where a.id = p_account and a.disabled_at is null;
  select m.* into v_place from identity.membership m where m.account_id = v_account.id and m.ended_at is null
    and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1;
  if not found or coalesce(v_account.email, '') = '' then return; end if;
  if v_place.in_school is not null then
    perform identity.tell_address(p_kind, v_place.in_authority, v_place.in_school, 'email', v_account.email,
      v_account.name);
    return;
  end if;
  insert into identity.token (token_hash, purpose, in_authority, channel, address, name, outbox_id, expires_at, used_at)
    values (sha256(uuid_send(v_id)), 'notice', v_place.in_authority, 'email', v_account.email, v_account.name, v_id,
      app.now() + interval '7 days', app.now());
  insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
      attempt, next_at, not_after, problem, created_at)
    values (v_place.in_authority, v_id, p_kind, 'email', 'token', v_id, v_id::text, 'queued', 0, app.now(),
      app.now() + interval '7 days', '', app.now());
end
$function$;
