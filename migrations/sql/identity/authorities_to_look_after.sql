-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.authorities_to_look_after()
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return coalesce((select array_agg(distinct c.authority_id) from public.authority_concern c
    where c.risk_today = 'yes' and c.read_at is null and c.closed_at is null and c.told_at is null
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)), '{}');
end
$function$;
