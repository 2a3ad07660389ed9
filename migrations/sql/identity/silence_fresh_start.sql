-- Owned by wb_identity; called by wb_dsl.
CREATE OR REPLACE FUNCTION identity.silence_fresh_start(p_id uuid, p_reason text, p_by_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The safeguarding lead alone, before it is agreed; the reason is kept where they alone read it.
  if current_setting('role') <> 'wb_dsl' or not exists (select from identity.membership m
    where m.person_id = app.person_id() and m.in_school = app.school_id() and m.role = 'school_dsl'
      and m.ended_at is null)
  then raise insufficient_privilege; end if;
  update public.fresh_start f set is_silent = true where f.school_id = app.school_id() and f.id = p_id
    and f.agreed_at is null and f.ended_at is null and not f.is_silent;
  if not found then return false; end if;
  insert into public.fresh_start_silence (school_id, fresh_start_id, by_person, by_name, reason, at)
    values (app.school_id(), p_id, app.person_id(), identity.name_here(), p_reason, app.now());
  return true;
end

$function$;
