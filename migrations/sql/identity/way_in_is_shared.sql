-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.way_in_is_shared()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_was boolean := identity.shares_address(new.id); v_is boolean;
begin
  -- Whoever moves their way in has just shown who they are, and every other browser of theirs is out.
  if new.email is distinct from old.email then perform identity.note_sharer('email', new.email, array[new.id]); end if;
  if new.phone is distinct from old.phone then perform identity.note_sharer('sms', new.phone, array[new.id]); end if;
  v_is := identity.is_shared(new.id, 'email', new.email) or identity.is_shared(new.id, 'sms', new.phone);
  new.shared_from := case when not v_is then null when v_was then old.shared_from else app.now() end;
  return new;
end
$function$;
