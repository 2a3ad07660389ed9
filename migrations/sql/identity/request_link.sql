-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.request_link(p_channel text, p_address text, p_outbox_ids uuid[], p_hashes bytea[], p_browser_hash bytea, p_code_hashes bytea[], p_expires_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_one record; v_place integer := 0; v_most integer := cardinality(p_hashes);
begin
  -- One link for each person who comes in by this address: those with an account, then those invited and not yet in.
  for v_one in
    select o.* from (
      select distinct on (a.id) 1 as rank, a.id as account_id, 'sign_in' as purpose, null::text as role,
          m.in_authority, m.in_school, null::uuid as person_id, '' as invited_by, a.created_at as since,
          identity.first_name_of(m.role, m.in_school, m.person_id, a.name) as name
        from identity.account a join identity.membership m on m.account_id = a.id and m.ended_at is null
          and m.role in ('parent', 'facilitator')
        where a.disabled_at is null
          and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
        order by a.id, m.created_at desc, m.id) o
    union all
    select i.* from (
      select distinct on (t.person_id, t.role) 2, t.account_id, t.purpose, t.role, t.in_authority, t.in_school,
          t.person_id, t.invited_by, t.created_at,
          identity.first_name_of(t.role, t.in_school, t.person_id, t.name) as name
        from identity.token t where t.purpose = 'parent_invitation' and t.account_id is null
          and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
          and t.in_school is not null and t.created_at > app.now() - interval '90 days'
          -- What somebody typed for a letter is proved by nothing yet: they open the letter again.
          and t.subject_id is null
          and not exists (select from identity.membership m where m.person_id = t.person_id and m.role = t.role)
        order by t.person_id, t.role, t.created_at desc) i
    order by 1, 9, 2
    limit v_most
  loop
    v_place := v_place + 1;
    insert into identity.token (token_hash, purpose, account_id, role, in_authority, in_school, person_id, channel,
        address, name, invited_by, outbox_id, browser_hash, code_hash, expires_at)
      values (p_hashes[v_place], v_one.purpose, v_one.account_id, v_one.role, v_one.in_authority, v_one.in_school,
        v_one.person_id, p_channel, p_address, v_one.name, v_one.invited_by, p_outbox_ids[v_place], p_browser_hash,
        p_code_hashes[v_place], p_expires_at);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_one.in_school, p_outbox_ids[v_place], 'sign_in_link', p_channel, 'token', p_outbox_ids[v_place],
        p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
  end loop;
  -- Nobody's. The same writes, to rows that open nothing: how long it takes must not tell.
  for v_place in v_place + 1 .. v_most loop
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, browser_hash,
        code_hash, expires_at, used_at, cancelled_at)
      values (p_hashes[v_place], 'sign_in', '00000000-0000-0000-0000-000000000000', p_channel, '',
        p_outbox_ids[v_place], null, null, p_expires_at, app.now(), app.now());
    insert into identity.sign_in_event (event) values ('link_for_nobody');
  end loop;
end

$function$;
