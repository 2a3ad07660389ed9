-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.ways_in(p_account uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- By which somebody at work comes in today: a password alone opens nothing.
  return identity.usable_ways_in(p_account, null, null)
    - (select (a.password_hash is not null and a.awaits_app)::int from identity.account a where a.id = p_account);
end
$function$;
