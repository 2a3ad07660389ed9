-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.authorities_to_look_after()
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Authorities with an urgent concern that nobody has opened for half an hour, or with an open one that nobody reads.
  return coalesce((select array_agg(distinct c.authority_id) from public.authority_concern c
    where c.closed_at is null
      and ((c.risk_today <> 'no' and c.read_at is null and c.told_at is null
          and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at))
        or (exists (select from public.authority_concern_kept p where p.concern_id = c.id)
          and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}')
        or c.authority_id in (select x.authority_id from (select distinct o.authority_id from public.authority_concern o
            where o.closed_at is null) x where identity.acting('named_officer', x.authority_id, null) = '{}'))), '{}');
end

$function$;
