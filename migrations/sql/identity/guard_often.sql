-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_often()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  perform pg_advisory_xact_lock(hashtextextended('invited ' || new.address, 0));
  if (select count(*) from identity.token t where t.address = new.address and t.channel = new.channel
    and (new.channel <> 'letter' or t.person_id = new.person_id)
    and t.purpose = new.purpose and t.in_school is not distinct from new.in_school
    and t.in_authority = new.in_authority and t.created_at > app.now() - interval '1 day') >= 6
  then raise unique_violation using constraint = 'invited_often'; end if;
  return new;
end
$function$;
