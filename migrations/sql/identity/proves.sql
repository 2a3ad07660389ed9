-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.proves(p_since timestamp with time zone, p_created_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- An address proves somebody when they confirmed it at joining, or at least a day ago.
  return p_since <= p_created_at or p_since <= app.now() - interval '24 hours';
end
$function$;
