-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.not_me(p_hash bytea, p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_token identity.token; v_person uuid; v_role text;
begin
  -- Whoever holds this link says that it is not for them: it opens nothing from here on, and who sent it is told.
  update identity.token t set cancelled_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null
    and t.purpose in ('staff_invitation', 'parent_invitation', 'sign_in', 'fresh_start')
    returning * into v_token;
  if not found then return false; end if;
  if v_token.channel = 'letter' then
    update identity.token t set cancelled_at = app.now() where t.subject_id = v_token.outbox_id and t.used_at is null
      and t.cancelled_at is null;
  end if;
  if v_token.purpose = 'fresh_start' then
    update public.fresh_start f set ended_at = app.now(), ended = 'stopped', stopped_from = 'new_address'
      where f.school_id = v_token.in_school and f.id = v_token.subject_id and f.ended_at is null;
    if not found then return false; end if;
    update identity.token t set cancelled_at = app.now() where t.subject_id = v_token.subject_id and t.used_at is null
      and t.cancelled_at is null;
    perform identity.tell_of_stop(v_token.in_school, v_token.subject_id, 'refused');
    return true;
  end if;
  v_person := v_token.person_id; v_role := v_token.role;
  if v_token.purpose = 'sign_in' then
    select m.person_id, m.role into v_person, v_role from identity.membership m where m.account_id = v_token.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator') and m.in_school = v_token.in_school
      order by m.created_at desc, m.id limit 1;
  else
    update identity.token t set cancelled_at = app.now() where t.person_id = v_token.person_id
      and t.role = v_token.role and t.address = v_token.address and t.purpose = v_token.purpose
      and t.used_at is null and t.cancelled_at is null;
  end if;
  if v_token.in_school is not null and v_person is not null then
    insert into public.contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)
      values (v_token.in_school, p_id,
        case when v_role in ('parent', 'facilitator') then v_role else 'staff' end, v_person, v_token.channel,
        v_token.address, app.now());
  end if;
  -- Of people at work whom the council invited, the council hears: at the school there may be nobody yet.
  if v_token.purpose = 'staff_invitation' and not exists (select from identity.membership m
    where m.account_id = v_token.invited_by_account and m.in_school = v_token.in_school and m.ended_at is null)
  then
    insert into public.authority_contact_doubt (authority_id, id, person_id, said_at)
      values (v_token.in_authority, p_id, v_person, app.now());
  end if;
  return true;
end
$function$;
