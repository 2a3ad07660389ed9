-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.find_membership(p_membership_id uuid)
 RETURNS TABLE(account_id uuid, role text, authority_id uuid, school_id uuid, person_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select m.account_id, m.role, m.in_authority, m.in_school, m.person_id
    from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
end
$function$;
