-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.new_at_work(p_account_id uuid, p_email text, p_name text, p_password_hash text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- An account for one person more at this address. False: four share it, and a sign-in tries no more passwords.
  perform pg_advisory_xact_lock(hashtextextended('address:' || p_email, 0));
  if (select count(*) from identity.at_work_by(p_email)) >= 4 then return false; end if;
  insert into identity.account (id, email, name, password_hash)
    values (p_account_id, p_email, p_name, p_password_hash);
  return true;
end
$function$;
