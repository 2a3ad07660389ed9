-- Owned by wb_identity; called by wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.announce_concern(p_concern uuid, p_kept uuid[] DEFAULT '{}'::uuid[])
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_route text; v_why text; v_raised timestamptz; v_person uuid; v_readers uuid[];
begin
  -- Only of one's own concern, in one's own school. Who raises it need not know who reads it.
  perform identity.hold_place(app.authority_id(), app.school_id());
  select r.goes_to, case when r.is_urgent then 'urgent' else 'waits' end, r.raised_at
    into v_route, v_why, v_raised from public.concern_receipt r
    where r.school_id = app.school_id() and r.id = p_concern and r.raised_by_id = app.person_id();
  if v_route is null then return null; end if;
  -- From those whom it names, before anybody hears of it; nobody else is kept from anything by this.
  if v_raised > app.now() - interval '1 minute' then
    for v_person in
      select m.person_id from identity.membership m where m.person_id = any (p_kept)
        and m.in_authority = app.authority_id()
        and (m.role = 'named_officer' or (m.role = 'school_dsl' and m.in_school = app.school_id()))
      union select a.person_id from public.appointment a where a.person_id = any (p_kept)
        and a.school_id = app.school_id() and a.role = 'school_dsl' and a.kind = 'appoint'
      union select a.person_id from public.authority_appointment a where a.person_id = any (p_kept)
        and a.authority_id = app.authority_id() and a.role = 'named_officer' and a.kind = 'appoint'
    loop
      if v_route = 'officer' then
        insert into public.authority_concern_kept (authority_id, concern_id, person_id)
          values (app.authority_id(), p_concern, v_person) on conflict do nothing;
      else
        insert into public.concern_kept (school_id, concern_id, person_id)
          values (app.school_id(), p_concern, v_person) on conflict do nothing;
      end if;
    end loop;
  end if;
  if v_route = 'officer' then
    perform identity.tell_officers(app.authority_id(), p_concern, v_why);
    return 'officer';
  end if;
  v_readers := identity.readers_of('school_dsl', app.authority_id(), app.school_id(), p_concern);
  if v_readers = '{}' then
    perform identity.hand_over(app.authority_id(), app.school_id(), p_concern);
    return 'officer';
  end if;
  foreach v_person in array v_readers loop
    perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, p_concern, v_why);
  end loop;
  return 'dsl';
end
$function$;
