-- Owned by wb_identity; called by wb_authority, wb_documents, wb_facilitator, wb_officer, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.readers()
 RETURNS TABLE(route text, person_id uuid, name text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Who reads what is raised here, by the names of the accounts that will read it; deputies after those they stand for.
  return query select case m.role when 'school_dsl' then 'dsl' else 'officer' end, m.person_id, a.name
    from identity.membership m join identity.account a on a.id = m.account_id
    left join public.staff_member s on s.school_id = m.in_school and s.id = m.person_id
    where m.in_authority = app.authority_id() and m.ended_at is null and identity.ways_in(a.id) > 0
      and ((m.role = 'school_dsl' and m.in_school = app.school_id()) or m.role = 'named_officer')
    order by coalesce(s.is_deputy, false), m.created_at, m.id;
end
$function$;
