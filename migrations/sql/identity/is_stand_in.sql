-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.is_stand_in(p_membership uuid, p_token bytea, p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether what is meant is to stand in for a safeguarding lead: a role, an invitation, or a role still to begin.
  return exists (select from public.staff_member s where s.is_deputy and s.role = 'school_dsl' and s.ended_at is null
    and s.id in (
      select m.person_id from identity.membership m where m.id = p_membership and m.role = 'school_dsl'
      union all select t.person_id from identity.token t where t.token_hash = p_token and t.role = 'school_dsl'
      union all select c.person_id from app.coming_memberships(p_account) c where c.role = 'school_dsl'));
end
$function$;
