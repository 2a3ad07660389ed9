-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.sees_more(p_person uuid, p_role text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether resetting this colleague's way in touches more than the one who asks may see: a role that is guarded, or
  -- any role of the same account at another place.
  return identity.is_guarded(p_role, current_setting('role'))
    or exists (select from identity.membership m where m.account_id = any (app.accounts_of(p_person, p_role))
      and m.ended_at is null and (identity.is_guarded(m.role, current_setting('role'))
        or m.in_authority is distinct from app.authority_id()
        or (current_setting('role') <> 'wb_authority' and m.in_school is distinct from app.school_id())));
end
$function$;
