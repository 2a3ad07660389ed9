-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.waits_too_long(p_risk text, p_raised timestamp with time zone, p_opened timestamp with time zone, p_read timestamp with time zone, p_closed timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Somebody could be hurt today, or who saw it is not sure, and nobody has opened it for half an hour.
  return p_risk <> 'no' and p_opened is null and p_read is null and p_closed is null
    and p_raised <= app.now() - interval '30 minutes';
end

$function$;
