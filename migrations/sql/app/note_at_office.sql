-- Owned by wb_helper; called by wb_office.
CREATE OR REPLACE FUNCTION app.note_at_office(p_id uuid, p_parent uuid, p_how text, p_outcome text, p_action text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_school uuid := app.school_id(); v_name text; v_owner uuid;
begin
  -- `noted`; `over`: that letter is none to hand out any more; `twice`: pressed twice; `gone`: no parent of theirs.
  select m.name into v_name from public.staff_member m where m.school_id = v_school and m.id = app.person_id()
    and m.role = 'school_office' and m.ended_at is null;
  if v_name is null or current_setting('role') <> 'wb_office' then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_parent::text, 0));
  if not exists (select from public.parent_contact c where c.school_id = v_school and c.parent_id = p_parent
    and c.parent_id <> all (app.not_for_office()))
  then return 'gone'; end if;
  if p_how = 'letter' and p_outcome in ('posted', 'handed_over') and p_action = '' then
    if not exists (select from identity.letters_at_office() l where l.parent_id = p_parent) then
      return 'over';
    end if;
  elsif p_how = 'phone' and (p_outcome = 'spoke' and p_action = '' or p_outcome = 'call_back' and p_action <> '') then
    if exists (select from public.contact_with_parent c where c.school_id = v_school and c.parent_id = p_parent
      and c.by_id = app.person_id() and c.how = p_how and c.outcome = p_outcome
      and c.at > app.now() - interval '2 minutes')
    then return 'twice'; end if;
  else raise insufficient_privilege;
  end if;
  -- Whoever makes calls that parents ask for; where nobody does yet, it stands in the log alone.
  if p_action <> '' then v_owner := (app.call_makers())[1]; end if;
  insert into public.contact_with_parent (school_id, id, parent_id, how, outcome, at, noted_at, by_id, by_name,
      action, due_on, owner_id, state)
    values (v_school, p_id, p_parent, p_how, p_outcome, app.now(), app.now(), app.person_id(), v_name,
      case when v_owner is null then '' else p_action end,
      case when v_owner is not null then (app.now() at time zone 'Europe/London')::date end, v_owner,
      case when v_owner is not null then 'open' end);
  return 'noted';
end
$function$;
