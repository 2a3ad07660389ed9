-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.rate_reply(p_theme_id uuid, p_enough text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.group_theme t where t.school_id = app.school_id() and t.id = p_theme_id
    and t.cohort_id = any (app.joined_cohort_ids()) and t.state = 'replied'
    and t.replied_at > app.now() - interval '14 days' for no key update;
  if not found or identity.my_way_since() = 'infinity' then return false; end if;
  insert into public.theme_voice as v (school_id, theme_id, parent_id, enough, at)
    values (app.school_id(), p_theme_id, app.person_id(), p_enough, app.now())
    on conflict (school_id, theme_id, parent_id) do update set enough = excluded.enough, at = excluded.at,
      ours = case when v.at > identity.my_way_since() then v.ours end,
      to_council = v.to_council and v.at > identity.my_way_since();
  return true;
end
$function$;
