-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_last()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if old.ended_at is not null or new.ended_at is null or old.begins_at > app.now()
    or old.role not in ('school_lead', 'school_dsl', 'named_officer', 'authority_admin') then return new; end if;
  perform identity.hold_place(old.in_authority, old.in_school);
  -- A school that has not begun, or has left, needs nobody to be there.
  if old.in_school is not null and not exists (select from public.school k where k.school_id = old.in_school
    and k.stage in ('active', 'paused')) then return new; end if;
  if array_remove(identity.acting(old.role, old.in_authority, old.in_school), old.person_id) = '{}' then
    raise check_violation using constraint = 'somebody_must_act', message = 'nobody else can act as ' || old.role;
  end if;
  return new;
end
$function$;
