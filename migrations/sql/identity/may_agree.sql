-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.may_agree(p_first uuid, p_second uuid, p_school uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_first uuid; v_second identity.membership;
begin
  -- Another person, here for 30 days; neither brought in the other, by however many steps. Who was appointed stands by
  -- more than one colleague's word.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first and m.in_school = p_school
    order by m.created_at limit 1;
  select m.* into v_second from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_second and m.in_school = p_school and m.ended_at is null and a.disabled_at is null
      and m.role not in ('parent', 'facilitator', 'head_teacher', 'school_office')
      and m.created_at <= app.now() - interval '30 days'
      and a.created_at <= app.now() - interval '30 days' limit 1;
  if v_second.id is null or p_first = p_second or v_second.account_id is not distinct from v_first then
    return false;
  end if;
  return (identity.is_appointed(p_second, p_school) or not identity.brought_in(v_first, v_second.account_id))
    and (identity.is_appointed(p_first, p_school) or not identity.brought_in(v_second.account_id, v_first));
end
$function$;
