-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.agree_fresh_start(p_id uuid, p_outbox_id uuid, p_stop_ids uuid[], p_by_name text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_start public.fresh_start; v_member identity.membership; v_opens timestamptz; v_one record;
  v_name text; v_stop uuid;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  select f.* into v_start from public.fresh_start f where f.school_id = app.school_id() and f.id = p_id for update;
  if v_start.id is null or v_start.ended_at is not null or v_start.agreed_at is not null then return 'over'; end if;
  if not identity.may_agree(v_start.asked_by, app.person_id(), app.school_id()) then return 'not_you'; end if;
  select m.* into v_member from identity.membership m where m.person_id = v_start.person_id and m.role = v_start.role
    and m.in_school = app.school_id() and m.ended_at is null;
  if v_member.id is null then return 'over'; end if;
  -- Who agrees is who sits there, by the name of their account; whom to tell is found here, never handed in.
  v_opens := case when v_start.is_silent then app.now() else app.now() + interval '24 hours' end;
  select identity.first_name_of(v_start.role, v_start.school_id, v_start.person_id, a.name) into v_name
    from identity.account a where a.id = v_member.account_id;
  update public.fresh_start f set agreed_by = app.person_id(), agreed_by_name = identity.name_here(),
      agreed_at = app.now(), opens_at = v_opens, waits_until = app.now() + interval '24 hours'
    where f.school_id = app.school_id() and f.id = p_id;
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, subject_id, not_before)
    values (identity.unknown(), identity.unknown(), 'fresh_start', v_start.role, v_member.in_authority,
      v_member.in_school, v_start.person_id, v_start.channel, v_start.address, v_name, p_outbox_id,
      v_opens + interval '14 days', p_id, v_opens);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_start.school_id, p_outbox_id, 'fresh_start_link', v_start.channel, 'token', p_outbox_id,
      p_outbox_id::text, 'queued', 0, v_opens, v_opens + interval '14 days', '', app.now());
  if v_start.is_silent then return 'agreed'; end if;
  -- Told at every old address, never what the new one is; each can stop it.
  for v_one in
    select distinct o.channel, o.address from (
      select 'email' as channel, a.email as address from identity.account a where a.id = v_member.account_id
      union all select 'sms', a.phone from identity.account a where a.id = v_member.account_id
      union all select 'email', c.email from public.parent_contact c
        where c.school_id = v_start.school_id and c.parent_id = v_start.person_id
      union all select 'sms', c.phone from public.parent_contact c
        where c.school_id = v_start.school_id and c.parent_id = v_start.person_id) o
    where o.address <> '' and o.address <> v_start.address
  loop
    v_stop := gen_random_uuid();
    insert into identity.token (token_hash, salt, purpose, in_authority, in_school, channel, address, name, outbox_id,
        expires_at, subject_id)
      values (identity.unknown(), identity.unknown(), 'stop', v_member.in_authority, v_member.in_school,
        v_one.channel, v_one.address, v_name, v_stop, v_opens, p_id);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_start.school_id, v_stop, 'fresh_start_notice', v_one.channel, 'token',
        v_stop, v_stop::text, 'queued', 0, app.now(), v_opens, '', app.now());
  end loop;
  return 'agreed';
end

$function$;
