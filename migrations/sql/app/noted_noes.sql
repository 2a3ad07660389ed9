-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.noted_noes(p_parent uuid)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- What staff noted a no to, and the parent has answered nothing since. Joining has a step of its own.
  return coalesce((select array_agg(x.kind order by x.kind) from (
      select distinct on (e.kind) e.kind, e.how, e.given from public.consent_event e
        where e.school_id = (select app.school_id()) and e.parent_id = p_parent
        order by e.kind, e.at desc, e.id desc) x
    where x.how = 'noted' and not x.given and x.kind <> 'join'), '{}');
end $function$;
