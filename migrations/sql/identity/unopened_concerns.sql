-- Owned by wb_identity; called by wb_officer.
CREATE OR REPLACE FUNCTION identity.unopened_concerns()
 RETURNS TABLE(concern_id uuid, school_id uuid, reference text, raised_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For an officer: which schools' urgent concerns nobody has opened. Nothing of what they say.
  return query select c.id, c.school_id, c.reference, c.raised_at from public.concern c
    where c.school_id = any (app.authority_school_ids()) and not c.about_officer
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
      and not exists (select from public.concern_kept p where p.concern_id = c.id and p.person_id = app.person_id())
    order by c.raised_at, c.id;
end
$function$;
