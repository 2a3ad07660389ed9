-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.note_sharer(p_channel text, p_address text, p_own uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_one record; v_member identity.membership; v_way record; v_id uuid;
begin
  -- Before somebody gets an address: whoever else comes in by it shares it from now on. One at a time for an address,
  -- so that of two who get it at once the second finds the first; of many, at the end.
  if coalesce(p_address, '') = '' then return; end if;
  if coalesce(current_setting('app.sharing', true), '') not in ('held', 'later') then
    perform pg_advisory_xact_lock_shared(hashtextextended('sharing', 0));
    perform pg_advisory_xact_lock(hashtextextended('sharing:' || p_address, 0));
  end if;
  for v_one in select a.id, a.email, a.phone, a.name from identity.account a where a.disabled_at is null
      and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
      and a.id <> all (coalesce(p_own, '{}'))
      and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role in ('parent', 'facilitator'))
    order by a.id
  loop
    if not identity.shares_address(v_one.id) then
      update identity.account a set shared_from = coalesce(a.shared_from, app.now()) where a.id = v_one.id;
    end if;
    continue when identity.has_own_key(v_one.id);
    update identity.account a set shared_told_at = app.now() where a.id = v_one.id
      and (a.shared_told_at is null or a.shared_told_at <= app.now() - interval '1 day');
    continue when not found;
    select m.* into v_member from identity.membership m where m.account_id = v_one.id and m.ended_at is null
      and m.role in ('parent', 'facilitator') order by m.created_at desc, m.id limit 1;
    for v_way in select w.channel, w.address from (values ('email', v_one.email), ('sms', v_one.phone))
        w(channel, address) where coalesce(w.address, '') <> ''
    loop
      -- Of an account: it is open while it is true (`token_address`). No link opens by it.
      v_id := gen_random_uuid();
      insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
          outbox_id, expires_at)
        values (sha256(uuid_send(v_id)), 'notice', v_one.id, v_member.in_authority, v_member.in_school, v_way.channel,
          v_way.address, identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_one.name),
          v_id, app.now() + interval '7 days');
      insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
          attempt, next_at, not_after, problem, created_at)
        values (v_member.in_school, v_id, 'address_shared', v_way.channel, 'token', v_id, v_id::text, 'queued', 0,
          app.now(), app.now() + interval '7 days', '', app.now());
    end loop;
  end loop;
end

$function$;
