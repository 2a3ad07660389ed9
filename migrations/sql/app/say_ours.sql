-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.say_ours(p_theme_id uuid, p_ours boolean, p_to_council boolean, p_reply_by date)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare t public.group_theme; v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  select g.* into t from public.group_theme g where g.school_id = app.school_id() and g.id = p_theme_id
    and g.cohort_id = any (app.joined_cohort_ids()) and g.state <> 'withdrawn' for no key update;
  if not found or identity.my_way_since() = 'infinity' then return ''; end if;
  insert into public.theme_voice as v (school_id, theme_id, parent_id, ours, to_council, at)
    values (app.school_id(), p_theme_id, app.person_id(), p_ours, p_ours and p_to_council, app.now())
    on conflict (school_id, theme_id, parent_id) do update
      set ours = excluded.ours, to_council = excluded.to_council, at = excluded.at,
        enough = case when v.at > identity.my_way_since() then v.enough else '' end;
  if t.state = 'proposed' and (select c.state = 'running' from public.cohort c
      where c.school_id = t.school_id and c.id = t.cohort_id)
    and (select count(*) > 5 from public.enrolment e where e.school_id = t.school_id and e.cohort_id = t.cohort_id
      and e.status in ('in_group', 'finished'))
    and (select count(*) filter (where v.ours) >= 5
        and count(*) filter (where v.ours) > count(*) filter (where not v.ours) from public.theme_voice v join public.enrolment e on e.school_id = v.school_id and e.cohort_id = t.cohort_id
        and e.parent_id = v.parent_id and e.status in ('in_group', 'finished')
        where v.school_id = t.school_id and v.theme_id = t.id)
  then
    update public.group_theme g set state = 'approved', approved_at = app.now(),
      reply_by = greatest(v_today + 14, least(p_reply_by, v_today + 70))
      where g.school_id = app.school_id() and g.id = p_theme_id;
    return 'approved';
  end if;
  return t.state;
end
$function$;
