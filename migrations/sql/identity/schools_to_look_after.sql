-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.schools_to_look_after()
 RETURNS TABLE(school_id uuid, authority_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For the schedule, which then enters each: schools with an open concern that nobody there can read, or with an
  -- urgent one that nobody has opened for half an hour.
  return query select k.school_id, k.authority_id from public.school k
    where (k.school_id in (select c.school_id from public.concern c where c.closed_at is null
        and not exists (select from public.concern_handover h
          where h.school_id = c.school_id and h.concern_id = c.id))
      and identity.acting('school_dsl', k.authority_id, k.school_id) = '{}')
    or exists (select from public.concern c join public.concern_kept p
        on p.school_id = c.school_id and p.concern_id = c.id
      where c.school_id = k.school_id and c.closed_at is null
        and not exists (select from public.concern_handover h
          where h.school_id = c.school_id and h.concern_id = c.id)
        and identity.readers_of('school_dsl', k.authority_id, k.school_id, c.id) = '{}')
    or k.school_id in (select c.school_id from public.concern c where c.risk_today <> 'no' and c.read_at is null
      and c.closed_at is null and c.told_at is null and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at,
         c.read_at, c.closed_at));
end

$function$;
