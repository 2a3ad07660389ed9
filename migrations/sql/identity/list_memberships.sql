-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.list_memberships(p_hash bytea)
 RETURNS TABLE(membership_id uuid, role text, authority_name text, school_name text, is_this boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select m.id, m.role, g.name, k.name, m.id = s.membership_id
    from identity.browser_session s join identity.membership m on m.account_id = s.account_id
    left join public.authority g on g.authority_id = m.in_authority
    left join public.school k on k.school_id = m.in_school
    where s.token_hash = p_hash and m.ended_at is null order by k.name nulls first, m.role, m.id;
end
$function$;
