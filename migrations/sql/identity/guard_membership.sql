-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_membership()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_begins timestamptz; v_found boolean;
begin
  if tg_op = 'UPDATE' then
    if new.role is distinct from old.role or new.account_id is distinct from old.account_id
      or new.in_school is distinct from old.in_school or new.in_authority is distinct from old.in_authority
    then raise insufficient_privilege using message = 'a role at work does not change hands'; end if;
    return new;
  end if;
  if session_user = 'wb_owner' then return new; end if;
  -- Held, so that whoever agrees at this moment finds the membership, or is found by it.
  select coalesce(a.begins_at, 'infinity') into v_begins from public.appointment a
    where a.school_id = new.in_school and a.person_id = new.person_id and a.role = new.role and a.kind = 'appoint'
      and a.stopped_at is null and a.done_at is null for update;
  v_found := found;
  if not v_found then
    select coalesce(a.begins_at, 'infinity') into v_begins from public.authority_appointment a
      where new.in_school is null and a.authority_id = new.in_authority and a.person_id = new.person_id
        and a.role = new.role and a.kind = 'appoint' and a.stopped_at is null and a.done_at is null for update;
    v_found := found;
  end if;
  if v_found then
    new.begins_at := v_begins;
  elsif not exists (select from identity.token t where t.person_id = new.person_id and t.role = new.role
    and t.purpose = 'staff_invitation' and t.is_free and t.used_at is not null and t.cancelled_at is null)
  then raise insufficient_privilege using message = 'an appointment comes first'; end if;
  -- One person of a list is one account.
  if exists (select 1 from unnest(app.accounts_of(new.person_id, new.role)) x where x <> new.account_id) then
    raise insufficient_privilege using message = 'somebody else has this role as this person';
  end if;
  return new;
end
$function$;
