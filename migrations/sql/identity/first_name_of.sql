-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.first_name_of(p_role text, p_school uuid, p_person uuid, p_name text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- As the school wrote it; for everybody else the first word of their name.
  return coalesce(
    (select nullif(btrim(c.first_name), '') from public.parent_contact c
      where p_role = 'parent' and c.school_id = p_school and c.parent_id = p_person),
    (select nullif(btrim(c.first_name), '') from public.facilitator f
      join public.parent_contact c on c.school_id = f.school_id and c.parent_id = f.parent_id
      where p_role = 'facilitator' and f.school_id = p_school and f.id = p_person),
    split_part(btrim(p_name), ' ', 1));
end
$function$;
