-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.offer_facilitator(p_parent uuid, p_facilitator uuid, p_outbox_id uuid, p_expires_at timestamp with time zone, p_invited_by text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_member identity.membership; v_account identity.account; v_channel text;
begin
  -- Whoever has an account is offered the role at their own way in, and takes it themselves. Nothing is given before. A
  -- graduate's is the parent's; a professional's (no parent) is the one that they had as somebody who leads.
  if current_setting('role') not in ('wb_school', 'wb_dsl')
    or not exists (select from public.facilitator f where f.school_id = app.school_id() and f.id = p_facilitator
      and f.parent_id is not distinct from p_parent)
  then raise insufficient_privilege; end if;
  if not identity.may_open_leading(app.school_id(), p_facilitator) then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_facilitator::text, 0));
  if p_parent is null then
    select m.* into v_member from identity.membership m where m.person_id = p_facilitator and m.role = 'facilitator'
      and m.in_school = app.school_id() order by m.created_at desc limit 1;
  else
    select m.* into v_member from identity.membership m where m.person_id = p_parent and m.role = 'parent'
      and m.in_school = app.school_id() and m.ended_at is null;
  end if;
  select a.* into v_account from identity.account a where a.id = v_member.account_id and a.disabled_at is null
    and coalesce(a.email, a.phone) is not null;
  if v_account.id is null or exists (select from identity.membership m
    where m.person_id = p_facilitator and m.role = 'facilitator' and m.ended_at is null)
  then return false; end if;
  v_channel := case when v_account.email is not null then 'email' else 'sms' end;
  update identity.token t set cancelled_at = app.now() where t.person_id = p_facilitator and t.role = 'facilitator'
    and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, salt, purpose, account_id, role, in_authority, in_school, person_id,
      channel, address, name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), 'parent_invitation', v_account.id, 'facilitator',
      v_member.in_authority, v_member.in_school, p_facilitator, v_channel,
      coalesce(v_account.email, v_account.phone),
      identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_account.name), p_outbox_id,
      p_expires_at, p_invited_by);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'role_offered', v_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end
$function$;
