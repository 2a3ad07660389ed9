-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.ask_fresh_start(p_id uuid, p_role text, p_person uuid, p_channel text, p_address text, p_met_on date, p_by_name text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  if not exists (select from identity.membership m where m.person_id = p_person and m.role = p_role
    and m.role in ('parent', 'facilitator') and m.in_school = app.school_id() and m.ended_at is null)
  then return 'no_account'; end if;
  if p_met_on > v_today or p_met_on < v_today - 14 then return 'not_met'; end if;
  -- Who still comes in there needs a link, and an address that is lost is no new one.
  if exists (select from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_person and m.role = p_role and m.in_school = app.school_id() and m.ended_at is null
      and p_address = case p_channel when 'email' then a.email else a.phone end) then return 'same_address'; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  if exists (select from public.fresh_start f where f.school_id = app.school_id() and f.person_id = p_person
    and f.ended_at is null) then return 'under_way'; end if;
  insert into public.fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by, asked_by_name,
      asked_at)
    values (app.school_id(), p_id, p_role, p_person, p_channel, p_address, p_met_on, app.person_id(),
      identity.name_here(), app.now());
  return 'asked';
end

$function$;
