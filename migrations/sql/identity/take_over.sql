-- Owned by wb_identity; called by wb_officer.
CREATE OR REPLACE FUNCTION identity.take_over(p_concern uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_school uuid; v_name text; v_person uuid;
begin
  -- An officer, of a school of theirs, while it is still unopened; the first of two. The school's readers hear of it.
  select a.name into v_name from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = app.person_id() and m.role = 'named_officer' and m.in_authority = app.authority_id()
      and m.ended_at is null;
  select c.school_id into v_school from public.concern c where c.id = p_concern and not c.about_officer
    and c.school_id = any (app.authority_school_ids())
    and not exists (select from public.concern_kept p where p.concern_id = c.id and p.person_id = app.person_id())
    and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at);
  if v_name is null or v_school is null then return false; end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason, by_name)
    values (v_school, p_concern, app.authority_id(), 'unopened', v_name) on conflict do nothing;
  if not found then return false; end if;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = v_school and r.id = p_concern;
  foreach v_person in array identity.readers_of('school_dsl', app.authority_id(), v_school, p_concern) loop
    perform identity.write_message(app.authority_id(), v_school, 'concern_taken_over', 'email', v_person,
      'concern:' || p_concern || ':' || v_person, 3);
  end loop;
  return true;
end
$function$;
