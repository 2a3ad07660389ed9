-- Owned by wb_identity; called by wb_authority, wb_dsl, wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.drop_feed()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  delete from identity.calendar_feed f where f.membership_id = identity.pressing_membership();
  return found;
end
$function$;
