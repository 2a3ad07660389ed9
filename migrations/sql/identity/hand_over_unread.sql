-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.hand_over_unread()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_concern uuid; v_count integer := 0;
begin
  -- For the schedule, in one school: what nobody there can read any more goes to the officer.
  if app.school_id() is null then return 0; end if;
  perform identity.hold_place(app.authority_id(), app.school_id());
  for v_concern in select c.id from public.concern c where c.school_id = app.school_id() and c.closed_at is null
    and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
    and identity.readers_of('school_dsl', app.authority_id(), app.school_id(), c.id) = '{}'
  loop
    perform identity.hand_over(app.authority_id(), app.school_id(), v_concern);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$function$;
