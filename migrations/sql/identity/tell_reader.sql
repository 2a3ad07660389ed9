-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_reader(p_authority uuid, p_school uuid, p_person uuid, p_concern uuid, p_why text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_whom text := case when p_school is null then 'officer' else 'dsl' end;
  v_key text := 'concern:' || p_concern || ':' || p_person;
begin
  -- p_why: 'waits', 'urgent' or 'unopened'. By email always; by text too when it cannot wait and they gave a number.
  if p_why = 'waits' then
    perform identity.write_message(p_authority, p_school, 'concern_received_for_' || v_whom, 'email', p_person, v_key,
      3);
    return;
  end if;
  perform identity.write_message(p_authority, p_school, 'concern_' || p_why || '_for_' || v_whom, 'email', p_person,
    v_key, 3);
  if exists (select from identity.membership m join identity.work_mobile w on w.account_id = m.account_id
    where m.person_id = p_person and m.ended_at is null and m.in_authority = p_authority
      and m.in_school is not distinct from p_school)
  then
    perform identity.write_message(p_authority, p_school, 'concern_' || p_why || '_for_' || v_whom, 'sms', p_person,
      v_key, 1);
  end if;
end
$function$;
