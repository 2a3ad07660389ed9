-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.unmerge_parents(p_id uuid, p_by text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_school uuid := app.school_id(); v public.parent_merge;
begin
  select m.* into v from public.parent_merge m where m.school_id = v_school and m.id = p_id for update;
  if not found or v.kept_id = any (app.merged_parent_ids()) then return 'gone'; end if;
  if v.undone_at is not null then return 'undone'; end if;
  if v.before is null or v.at < app.now() - interval '1 day' then return 'late'; end if;
  if v.enrolment_id is not null then
    -- Whoever was at an evening with this place keeps it.
    if exists (select from public.enrolment e
        join public.cohort_session s on s.school_id = e.school_id and s.cohort_id = e.cohort_id
        join public.attendance a on a.school_id = s.school_id and a.session_id = s.id and a.parent_id = e.parent_id
        where e.school_id = v_school and e.id = v.enrolment_id) then return 'came'; end if;
    delete from public.enrolment e where e.school_id = v_school and e.id = v.enrolment_id and e.parent_id = v.kept_id;
  end if;
  -- What ended with it is to be done again.
  update public.contact_with_parent c set state = 'open', ended_at = null, closed_because = null
    where c.school_id = v_school and c.parent_id = v.kept_id and c.state = 'closed' and c.ended_at = v.at;
  update public.contact_with_parent c set parent_id = v.gone_id
    where c.school_id = v_school and c.parent_id = v.kept_id and c.id = any (v.contacts);
  update public.parent_merge m set undone_at = app.now(), undone_by_name = p_by, before = null
    where m.school_id = v_school and m.id = p_id;
  return 'done';
end $function$;
