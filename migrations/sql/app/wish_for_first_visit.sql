-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.wish_for_first_visit(p_wishes text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_cohort_id uuid;
begin
  -- Two presses of theirs come one after the other.
  perform pg_advisory_xact_lock(hashtextextended(app.person_id()::text, 0));
  select e.cohort_id into v_cohort_id from public.enrolment e
    join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
    where e.school_id = app.school_id() and e.parent_id = app.person_id() and e.status = 'in_group'
      and e.cohort_id = any (app.joined_cohort_ids())
    order by e.joined_at desc limit 1;
  if not found or identity.my_way_since() = 'infinity' then return false; end if;
  delete from public.first_visit_wish w
    where w.school_id = app.school_id() and w.cohort_id = v_cohort_id and w.parent_id = app.person_id();
  if p_wishes <> '{}' then
    insert into public.first_visit_wish (school_id, cohort_id, parent_id, wishes)
      values (app.school_id(), v_cohort_id, app.person_id(), p_wishes);
  end if;
  return true;
end
$function$;
