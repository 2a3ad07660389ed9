-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.unknown()
 RETURNS bytea
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
end
$function$;
