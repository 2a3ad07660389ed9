-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.first_way_is_new()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Had a place before anybody could come in as them.
  if new.generation = 0 and exists (select from public.enrolment e
    where e.school_id = new.in_school and e.parent_id = new.person_id)
  then new.generation := 1; end if;
  return new;
end $function$;
