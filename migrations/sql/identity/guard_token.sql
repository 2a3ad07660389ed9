-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_token()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  new.invited_by_account := null;
  new.is_free := true;
  if new.purpose <> 'staff_invitation' or session_user = 'wb_owner' then return new; end if;
  new.invited_by_account := identity.own_account();
  if not identity.is_guarded(new.role, current_setting('role')) then return new; end if;
  new.is_free := false;
  -- Only to the person and the address that the second person sees.
  if not exists (select from public.appointment a where a.school_id = new.in_school and a.person_id = new.person_id
      and a.role = new.role and a.email = lower(new.address) and a.kind = 'appoint' and a.stopped_at is null
      and a.done_at is null)
    and not exists (select from public.authority_appointment a where new.in_school is null
      and a.authority_id = new.in_authority and a.person_id = new.person_id and a.role = new.role
      and a.email = lower(new.address) and a.kind = 'appoint' and a.stopped_at is null and a.done_at is null)
  then raise insufficient_privilege using message = 'an appointment comes first'; end if;
  return new;
end
$function$;
