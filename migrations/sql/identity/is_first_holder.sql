-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_first_holder(p_role text, p_authority uuid, p_school uuid, p_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Before any parent is there whose words somebody could read: while nobody holds the role; those who read concerns by
  -- the names in the agreement.
  if p_school is not null then
    return not exists (select from public.parent p where p.school_id = p_school)
      and case p_role when 'school_dsl' then exists (select from public.school k
          where k.school_id = p_school and k.stage not in ('active', 'paused')
            and lower(btrim(p_name)) = any (identity.named_readers(p_school)))
        else identity.acting(p_role, p_authority, p_school) = '{}' end;
  end if;
  if identity.acting(p_role, p_authority, p_school) <> '{}' then return false; end if;
  return not exists (select from public.parent p join public.school k on k.school_id = p.school_id
    where k.authority_id = p_authority);
end
$function$;
