-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.end_feed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if tg_table_name = 'membership' then
    delete from identity.calendar_feed f where f.membership_id = new.id;
  elsif tg_table_name = 'account' then
    if coalesce(current_setting('app.same_password', true), '') = new.id::text then return null; end if;
    delete from identity.calendar_feed f using identity.membership m
      where m.id = f.membership_id and m.account_id = new.id;
  else
    delete from identity.calendar_feed f using identity.membership m
      where m.id = f.membership_id and m.account_id = old.account_id;
  end if;
  return null;
end
$function$;
