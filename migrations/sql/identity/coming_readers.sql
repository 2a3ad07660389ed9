-- Owned by wb_identity; called by wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.coming_readers()
 RETURNS TABLE(route text, name text, person_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Who is asked for as a reader here and does not read yet, by the names on the lists: a concern goes round them too.
  return query select 'dsl', a.name, a.person_id from public.appointment a join public.staff_member m
      on m.school_id = a.school_id and m.id = a.person_id and m.ended_at is null
    where a.school_id = app.school_id() and a.role = 'school_dsl' and a.kind = 'appoint' and a.stopped_at is null
      and a.person_id <> all (identity.acting('school_dsl', app.authority_id(), app.school_id()))
  union all select 'officer', a.name, a.person_id from public.authority_appointment a join public.authority_member m
      on m.authority_id = a.authority_id and m.id = a.person_id and m.ended_at is null
    where a.authority_id = app.authority_id() and a.role = 'named_officer' and a.kind = 'appoint'
      and a.stopped_at is null
      and a.person_id <> all (identity.acting('named_officer', app.authority_id(), null));
end
$function$;
