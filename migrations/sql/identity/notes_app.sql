-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.notes_app()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  new.awaits_app := case
    when new.totp_secret is not null then false
    when tg_op = 'UPDATE' and old.totp_secret is not null then new.password_hash is not null
    when session_user = 'wb_signin' and new.password_hash is not null
      and (tg_op = 'INSERT' or old.password_hash is null) then true
    else new.awaits_app end;
  return new;
end
$function$;
