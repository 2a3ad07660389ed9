-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.way_in_may_go(p_account uuid, p_but uuid, p_providers text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The account's row is held, so that two presses do not take both of the last two ways in.
  perform from identity.account a where a.id = p_account for update;
  return coalesce(identity.usable_ways_in(p_account, p_but, p_providers), 0) > 0;
end
$function$;
