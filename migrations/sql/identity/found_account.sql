-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.found_account(p_account_id uuid, p_membership_id uuid, p_email text, p_phone text, p_name text, p_role text, p_authority uuid, p_school uuid, p_person uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The same account is the same id; an address finds nobody.
  insert into identity.account (id, email, email_since, phone, phone_since, name)
    values (p_account_id, lower(p_email), case when p_email is not null then app.now() end, p_phone,
      case when p_phone is not null then app.now() end, p_name)
    on conflict (id) do nothing;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, p_account_id, p_role, p_authority, p_school, p_person);
  return p_account_id;
end
$function$;
