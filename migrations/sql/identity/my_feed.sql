-- Owned by wb_identity; called by wb_authority, wb_dsl, wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.my_feed()
 RETURNS TABLE(made_at timestamp with time zone, shows_place boolean, read_on date)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select f.made_at, f.shows_place, f.read_on from identity.calendar_feed f
    where f.membership_id = identity.pressing_membership();
end
$function$;
