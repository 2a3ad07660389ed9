-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_pressed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if not identity.is_pressed() then
    raise insufficient_privilege using message = 'nobody who is signed in presses this';
  end if;
  return new;
end
$function$;
