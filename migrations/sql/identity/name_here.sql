-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.name_here()
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return (select coalesce(max(a.name), '') from identity.membership m
    join identity.account a on a.id = m.account_id where m.person_id = app.person_id()
      and m.in_school is not distinct from app.school_id() and m.ended_at is null);
end

$function$;
