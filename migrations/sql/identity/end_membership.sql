-- Owned by wb_identity; called by wb_authority, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.end_membership(p_person uuid, p_role text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_ended uuid[];
begin
  with ended as (
    update identity.membership m set ended_at = app.now()
      where m.person_id = p_person and m.role = p_role and m.ended_at is null and m.in_authority = app.authority_id()
        and ((current_setting('role') = 'wb_authority' and m.role not in ('parent', 'facilitator'))
          or (current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
          or (current_setting('role') = 'wb_parent' and m.person_id = app.person_id() and m.role = 'parent'
            and m.in_school = app.school_id()))
      returning m.id)
  select array_agg(id) into v_ended from ended;
  if v_ended is null then return false; end if;
  delete from identity.browser_session s where s.membership_id = any (v_ended);
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null;
  return true;
end

$function$;
