-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.hand_over(p_authority uuid, p_school uuid, p_concern uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_risk text; v_about_officer boolean;
begin
  select c.risk_today, c.about_officer into v_risk, v_about_officer from public.concern c
    where c.school_id = p_school and c.id = p_concern;
  -- What names an officer goes to another one alone, once it is kept from whom it names.
  if v_about_officer and not (
    identity.readers_of('named_officer', p_authority, null, p_concern) <> '{}'
    and exists (select from public.concern_kept p join identity.membership m on m.person_id = p.person_id
      and m.role = 'named_officer' and m.in_authority = p_authority
      where p.school_id = p_school and p.concern_id = p_concern)) then
    perform identity.tell_appointers(p_authority);
    return;
  end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'no' then 'waits' else 'urgent' end);
end

$function$;
