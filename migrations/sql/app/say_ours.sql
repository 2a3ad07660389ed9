-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.say_ours(p_theme_id uuid, p_ours boolean, p_to_council boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_theme public.group_theme; v_ours int; v_not int;
begin
  select t.* into v_theme from public.group_theme t where t.school_id = app.school_id() and t.id = p_theme_id
    and t.cohort_id = any (app.joined_cohort_ids()) and t.state <> 'withdrawn' for no key update;
  if not found then return ''; end if;
  insert into public.theme_voice as v (school_id, theme_id, parent_id, ours, to_council, at)
    values (app.school_id(), p_theme_id, app.person_id(), p_ours, p_ours and p_to_council, app.now())
    on conflict (school_id, theme_id, parent_id) do update
      set ours = excluded.ours, to_council = excluded.to_council, at = excluded.at,
        enough = case when v.at > identity.my_way_since() then v.enough else '' end;
  if v_theme.state = 'proposed' then
    select count(*) filter (where v.ours), count(*) filter (where not v.ours) into v_ours, v_not
      from public.theme_voice v where v.school_id = app.school_id() and v.theme_id = p_theme_id;
    if v_ours >= 5 and v_ours > v_not then
      update public.group_theme t set state = 'approved', approved_at = app.now(),
        reply_by = (app.now() at time zone 'Europe/London')::date + 14
        where t.school_id = app.school_id() and t.id = p_theme_id;
      return 'approved';
    end if;
  end if;
  return v_theme.state;
end
$function$;
