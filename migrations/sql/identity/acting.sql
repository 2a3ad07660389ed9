-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.acting(p_role text, p_authority uuid, p_school uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- People who hold this role there and can sign in, those who have held it longest first.
  return coalesce((select array_agg(m.person_id order by m.created_at, m.id) from identity.membership m
    where m.role = p_role and m.in_authority = p_authority and m.in_school is not distinct from p_school
      and m.ended_at is null and case when p_role in ('parent', 'facilitator')
        then exists (select from identity.account a where a.id = m.account_id and a.disabled_at is null
          and coalesce(a.email, a.phone) is not null)
        else coalesce(identity.ways_in(m.account_id), 0) > 0 end), '{}');
end
$function$;
