-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.only_claimed(p_school uuid, p_parent uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- They came into the list by a public page, where anybody may write anything, and have not come in themselves.
  return exists (select from public.parent_event e where e.school_id = p_school and e.parent_id = p_parent
      and e.from_stage is null and e.how in ('signed_up', 'passed_on', 'own_account'))
    and not exists (select from identity.membership m where m.in_school = p_school and m.person_id = p_parent);
end
$function$;
