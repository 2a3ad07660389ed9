-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.hand_over(p_authority uuid, p_school uuid, p_concern uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_risk text; v_about_officer boolean; v_person uuid;
begin
  select c.risk_today, c.about_officer into v_risk, v_about_officer from public.concern c
    where c.school_id = p_school and c.id = p_concern;
  if v_about_officer then
    -- It names the officer. Those who can appoint somebody at the school hear that nobody reads there.
    foreach v_person in array identity.acting('authority_admin', p_authority, null) loop
      perform identity.write_message(p_authority, null, 'nobody_reads_concerns', 'email', v_person,
        'nobody:' || to_char(app.now(), 'YYYY-MM-DD') || ':' || v_person, 3);
    end loop;
    return;
  end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'yes' then 'urgent' else 'waits' end);
end
$function$;
