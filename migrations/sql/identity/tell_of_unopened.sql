-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.tell_of_unopened()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_concern uuid; v_about_officer boolean; v_person uuid; v_count integer := 0;
begin
  -- For the schedule, in one school or one authority: each once. Officers hear of a school's and may take them over,
  -- but for what names an officer: of that the school's own readers hear again. What nobody at the council reads is
  -- said to those who appoint, once a day.
  if app.school_id() is not null then
    for v_concern, v_about_officer in update public.concern c set told_at = app.now()
      where c.school_id = app.school_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id, c.about_officer
    loop
      if v_about_officer then
        foreach v_person in array
          identity.readers_of('school_dsl', app.authority_id(), app.school_id(), v_concern)
        loop
          perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, v_concern, 'unopened');
        end loop;
      else
        perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
      end if;
      v_count := v_count + 1;
    end loop;
  else
    for v_concern in update public.authority_concern c set told_at = app.now()
      where c.authority_id = app.authority_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id
    loop
      perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
      v_count := v_count + 1;
    end loop;
    if exists (select from public.authority_concern c where c.authority_id = app.authority_id()
      and c.closed_at is null and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}') then
      perform identity.tell_appointers(app.authority_id());
    end if;
  end if;
  return v_count;
end
$function$;
