-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.take_back_fresh_start(p_id uuid, p_by_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'taken_back', ended_by_name = identity.name_here()
    where f.school_id = app.school_id() and f.id = p_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = p_id and t.used_at is null
    and t.cancelled_at is null;
  return true;
end

$function$;
