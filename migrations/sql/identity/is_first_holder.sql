-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_first_holder(p_role text, p_authority uuid, p_school uuid, p_person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_name text; v_deputy boolean;
begin
  -- Before any parent is there whose words somebody could read: while nobody holds the role. Who reads concerns: whom
  -- the accepted agreement names, while nobody else of that name is invited to read or does.
  if p_school is null then
    return identity.acting(p_role, p_authority, null) = '{}' and not exists (select from public.parent p
      join public.school k on k.school_id = p.school_id where k.authority_id = p_authority);
  end if;
  if exists (select from public.parent p where p.school_id = p_school) then return false; end if;
  if p_role <> 'school_dsl' then return identity.acting(p_role, p_authority, p_school) = '{}'; end if;
  select identity.plain_name(m.name), m.is_deputy into v_name, v_deputy from public.staff_member m
    where m.school_id = p_school and m.id = p_person;
  return v_name = identity.named_reader(p_school, v_deputy)
    and exists (select from public.school k where k.school_id = p_school and k.stage not in ('active', 'paused'))
    and not exists (select from public.staff_member o
      left join public.appointment a on a.school_id = o.school_id and a.person_id = o.id and a.kind = 'appoint'
        and a.stopped_at is null
      where o.school_id = p_school and o.id <> p_person and o.role = 'school_dsl' and o.ended_at is null
        and v_name in (identity.plain_name(o.name), identity.plain_name(a.name)));
end
$function$;
