-- Owned by wb_identity; called by wb_authority, wb_school.
CREATE OR REPLACE FUNCTION identity.issue_token(p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text, p_address text, p_name text, p_outbox_id uuid, p_expires_at timestamp with time zone, p_invited_by text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_audience text := current_setting('role'); v_known boolean;
begin
  if p_authority is distinct from app.authority_id() then raise insufficient_privilege; end if;
  if v_audience in ('wb_school', 'wb_dsl') then
    if p_school is distinct from app.school_id()
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher', 'school_office',
        'facilitator', 'parent')
    then raise insufficient_privilege; end if;
  elsif v_audience = 'wb_authority' then
    if p_role not in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'school_dsl')
      or (p_school is not null and p_school <> all (app.authority_school_ids()))
      or (p_school is null) <> (p_role in ('authority_admin', 'named_officer', 'commissioner'))
    then raise insufficient_privilege; end if;
  else raise insufficient_privilege;
  end if;
  if p_purpose is distinct from
    (case when p_role in ('parent', 'facilitator') then 'parent_invitation' else 'staff_invitation' end)
  then raise insufficient_privilege; end if;
  -- On paper go invitations of a school to its parents.
  if p_channel = 'letter' and (p_role <> 'parent' or p_address <> '') then raise insufficient_privilege; end if;
  -- A row of this very place, and of somebody at work in this very role, whatever id was handed over.
  v_known := case
    when p_role = 'parent' then exists (select from public.parent o where o.school_id = p_school and o.id = p_person)
    when p_role = 'facilitator' then
      exists (select from public.facilitator o where o.school_id = p_school and o.id = p_person)
    when p_school is not null then
      exists (select from public.staff_member o where o.school_id = p_school and o.id = p_person and o.role = p_role)
    else exists (select from public.authority_member o where o.authority_id = p_authority and o.id = p_person
      and o.role = p_role) end;
  if not v_known then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  -- An invitation is for somebody who has no account, also none that has ended: what was theirs stays theirs.
  if p_role in ('parent', 'facilitator') then
    if exists (select from identity.membership m where m.person_id = p_person and m.role = p_role) then
      raise unique_violation using constraint = 'person_has_an_account';
    end if;
  -- Somebody who has been at work here is invited again to the address that they signed in with, and to no other.
  elsif exists (select from identity.account a where a.email is distinct from p_address and a.id in (
    select m.account_id from identity.membership m where m.person_id = p_person
    union all select x from unnest(app.accounts_of(p_person, p_role)) x))
  then raise unique_violation using constraint = 'person_has_an_account';
  end if;
  -- Pressed twice: the one of a moment ago stands. Judged by the two ends, which a clock's full minute does not split.
  if exists (select from identity.token t where t.person_id = p_person and t.purpose = p_purpose and t.role = p_role
    and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
    and t.expires_at > p_expires_at - interval '1 minute')
  then raise unique_violation using constraint = 'invitation_just_sent'; end if;
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.purpose = p_purpose and t.channel = p_channel and t.used_at is null
      and t.cancelled_at is null and t.in_authority = p_authority and t.in_school is not distinct from p_school;
  if p_channel = 'letter' then
    -- And what was asked for by the letter before.
    update identity.token t set cancelled_at = app.now() where t.person_id = p_person and t.subject_id is not null
      and t.purpose = p_purpose and t.used_at is null and t.cancelled_at is null;
  end if;
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end
$function$;
