-- Owned by wb_identity; called by wb_dispatch.
CREATE OR REPLACE FUNCTION identity.begins_of(p_people uuid[])
 RETURNS TABLE(person_id uuid, begins_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For the moment of sending, in the scope of the message: from when what was agreed for these people counts.
  return query select distinct on (x.person_id) x.person_id, x.begins_at from (
      select p.person_id, p.begins_at, p.agreed_at from public.appointment p
        where p.school_id = app.school_id() and p.person_id = any (p_people) and p.agreed_at is not null
          and p.stopped_at is null and p.done_at is null
      union all select p.person_id, p.begins_at, p.agreed_at from public.authority_appointment p
        where app.school_id() is null and p.authority_id = app.authority_id() and p.person_id = any (p_people)
          and p.agreed_at is not null and p.stopped_at is null and p.done_at is null) x
    order by x.person_id, x.agreed_at desc;
end
$function$;
