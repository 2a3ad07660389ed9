-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.forget_passed_on(p_day date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_school uuid := app.school_id(); v_parent uuid; v_count integer := 0;
begin
  for v_parent in
    select o.parent_id from identity.only_passed_on() o
      where (o.said_at at time zone 'Europe/London')::date <= p_day
  loop
    -- As whoever uses a link of theirs holds them; then whether they have spoken is asked again.
    perform pg_advisory_xact_lock(hashtextextended(v_parent::text, 0));
    if not exists (select from identity.only_passed_on() o where o.parent_id = v_parent) then continue; end if;
    begin
      update identity.token t set cancelled_at = coalesce(t.cancelled_at, app.now()), name = ''
        where t.person_id = v_parent and t.in_school = v_school and t.used_at is null;
      update public.document d set parent_id = null, subject_id = null
        where d.school_id = v_school and d.parent_id = v_parent and d.kind = 'invitation_letter';
      delete from public.text_reply r
        where r.school_id = v_school and r.recipient_kind = 'parent' and r.recipient_id = v_parent;
      delete from public.group_wish w where w.school_id = v_school and w.parent_id = v_parent and w.by_name <> '';
      delete from public.contact_with_parent c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent_event e where e.school_id = v_school and e.parent_id = v_parent;
      delete from public.recruitment_profile r where r.school_id = v_school and r.parent_id = v_parent;
      delete from public.parent_contact c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent p where p.school_id = v_school and p.id = v_parent
        and p.stage in ('identified', 'invited');
      if not found then raise foreign_key_violation; end if;
      v_count := v_count + 1;
    exception when foreign_key_violation then null; -- A choice of theirs is kept: they stay.
    end;
  end loop;
  if v_count > 0 then
    insert into public.activity_due (school_id, due_at) values (v_school, app.now())
      on conflict (school_id) do update set due_at = excluded.due_at;
  end if;
  return v_count;
end
$function$;
