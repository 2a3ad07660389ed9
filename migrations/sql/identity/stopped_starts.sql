-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.stopped_starts()
 RETURNS TABLE(fresh_start_id uuid, may_settle boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Of the school's stopped fresh starts that nobody has looked into, and that were not asked for again: those of the
  -- scope's person, who asked, agreed or looks into it, and whether they may say that it is done.
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  return query select f.id, app.person_id() = any (l.people)
    from public.fresh_start f
    cross join lateral (select identity.stop_lookers(f.school_id, f.asked_by, f.agreed_by) as people) l
    where f.school_id = app.school_id() and f.ended = 'stopped' and f.looked_at is null
      and not exists (select from public.fresh_start o where o.school_id = f.school_id and o.person_id = f.person_id
        and o.asked_at > f.asked_at and o.ended is distinct from 'taken_back')
      and (app.person_id() in (f.asked_by, f.agreed_by) or app.person_id() = any (l.people));
end
$function$;
