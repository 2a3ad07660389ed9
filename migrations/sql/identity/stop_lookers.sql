-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.stop_lookers(p_school uuid, p_asked_by uuid, p_agreed_by uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_asker uuid; v_people uuid[];
begin
  -- Who may say that a stopped fresh start was looked into: the safeguarding lead and who agreed, where they can sign
  -- in and did not ask; else whoever could have been the second person.
  select m.account_id into v_asker from identity.membership m where m.person_id = p_asked_by and m.in_school = p_school
    order by m.created_at limit 1;
  select array_agg(m.person_id) into v_people from identity.membership m
    where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
      and (m.role = 'school_dsl' or m.person_id = p_agreed_by) and m.account_id is distinct from v_asker
      and coalesce(identity.ways_in(m.account_id), 0) > 0;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  return coalesce(v_people, '{}');
end
$function$;
