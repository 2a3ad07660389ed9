-- Owned by wb_identity; called by wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.announce_concern(p_concern uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_route text; v_why text; v_person uuid; v_readers uuid[];
begin
  -- Only of one's own concern, in one's own school. Who raises it need not know who reads it.
  perform identity.hold_place(app.authority_id(), app.school_id());
  select r.goes_to, case when r.is_urgent then 'urgent' else 'waits' end into v_route, v_why
    from public.concern_receipt r
    where r.school_id = app.school_id() and r.id = p_concern and r.raised_by_id = app.person_id();
  if v_route is null then return null; end if;
  if v_route = 'officer' then
    perform identity.tell_officers(app.authority_id(), p_concern, v_why);
    return 'officer';
  end if;
  v_readers := identity.acting('school_dsl', app.authority_id(), app.school_id());
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
