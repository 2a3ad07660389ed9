-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.stop_lookers(p_school uuid, p_asked_by uuid, p_agreed_by uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_people uuid[]; v_accounts uuid[];
begin
  -- Who may say that a stopped fresh start was looked into: the safeguarding lead, where they can sign in and neither
  -- asked nor agreed; else whoever could have been the second person; who agreed only where nobody else is left.
  select array_agg(m.account_id) into v_accounts from identity.membership m
    where m.person_id in (p_asked_by, p_agreed_by) and m.in_school = p_school;
  select array_agg(m.person_id) into v_people from identity.membership m
    where m.in_school = p_school and m.ended_at is null and m.role = 'school_dsl'
      and m.account_id <> all (coalesce(v_accounts, '{}')) and coalesce(identity.ways_in(m.account_id), 0) > 0;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and m.account_id <> all (coalesce(v_accounts, '{}')) and coalesce(identity.ways_in(m.account_id), 0) > 0
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  if v_people is null then
    select array_agg(m.person_id) into v_people from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and identity.may_agree(p_asked_by, m.person_id, p_school);
  end if;
  return coalesce(v_people, '{}');
end

$function$;
