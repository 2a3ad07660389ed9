-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.merge_parents(p_id uuid, p_stays uuid, p_goes uuid, p_by text, p_before jsonb, p_enrolment uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_school uuid := app.school_id(); v_name text;
begin
  -- As whoever uses a link of theirs holds them.
  perform pg_advisory_xact_lock(hashtextextended(least(p_stays, p_goes)::text, 0));
  perform pg_advisory_xact_lock(hashtextextended(greatest(p_stays, p_goes)::text, 0));
  select btrim(c.first_name || ' ' || c.last_name) into v_name from public.parent_contact c
    where c.school_id = v_school and c.parent_id = p_goes;
  if v_name is null or p_stays = p_goes
    or not exists (select from public.parent_contact c where c.school_id = v_school and c.parent_id = p_stays)
    or app.merged_parent_ids() && array[p_stays, p_goes] then return 'gone'; end if;
  -- Also one that has ended: what was theirs stays theirs.
  if app.who_has_come_in(array[p_goes]) <> '{}' then return 'account'; end if;
  insert into public.parent_merge (school_id, id, kept_id, gone_id, gone_name, by_name, before, enrolment_id)
    values (v_school, p_id, p_stays, p_goes, v_name, p_by, p_before, p_enrolment);
  with moved as (
    update public.contact_with_parent c set parent_id = p_stays
      where c.school_id = v_school and c.parent_id = p_goes returning c.id)
  update public.parent_merge m set contacts = coalesce((select array_agg(o.id) from moved o), '{}')
    where m.school_id = v_school and m.id = p_id;
  -- Nobody who said no, or left, is got in touch with.
  update public.contact_with_parent c set state = 'closed', ended_at = app.now(), closed_because = p.stage
    from public.parent p where p.school_id = v_school and p.id = p_stays and p.stage in ('said_no', 'left')
      and c.school_id = v_school and c.parent_id = p_stays and c.state = 'open';
  return 'done';
end $function$;
