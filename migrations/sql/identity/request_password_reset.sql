-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.request_password_reset(p_email text, p_outbox_ids uuid[], p_hashes bytea[], p_expires_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_one record; v_place integer := 0;
begin
  -- A link for each person at work who has a password and this address; who signs in elsewhere has none to forget.
  for v_one in
    select a.account_id, m.in_authority, m.in_school, c.name from identity.find_password_account(p_email) a
      join identity.membership m on m.id = a.membership_id join identity.account c on c.id = a.account_id
  loop
    v_place := v_place + 1;
    update identity.token t set cancelled_at = app.now() where t.purpose = 'password_reset'
      and t.account_id = v_one.account_id and t.used_at is null and t.cancelled_at is null;
    -- Without the person: lists of people would take it for an invitation.
    insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
        outbox_id, expires_at)
      values (p_hashes[v_place], 'password_reset', v_one.account_id, v_one.in_authority, v_one.in_school, 'email',
        p_email, v_one.name, p_outbox_ids[v_place], p_expires_at);
    insert into identity.sign_in_event (account_id, event) values (v_one.account_id, 'password_reset_asked');
    if v_one.in_school is null then
      insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
          state, attempt, next_at, not_after, problem, created_at)
        values (v_one.in_authority, p_outbox_ids[v_place], 'password_reset', 'email', 'token',
          p_outbox_ids[v_place], p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
    else
      insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
          attempt, next_at, not_after, problem, created_at)
        values (v_one.in_school, p_outbox_ids[v_place], 'password_reset', 'email', 'token', p_outbox_ids[v_place],
          p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
    end if;
  end loop;
  -- Nobody's. Rows that open nothing are written all the same: how long it takes must not tell.
  for v_place in v_place + 1 .. cardinality(p_hashes) loop
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, expires_at, used_at,
        cancelled_at)
      values (p_hashes[v_place], 'password_reset', '00000000-0000-0000-0000-000000000000', 'email', '',
        p_outbox_ids[v_place], p_expires_at, app.now(), app.now());
    insert into identity.sign_in_event (event) values ('password_reset_for_nobody');
  end loop;
end
$function$;
