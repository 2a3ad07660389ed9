-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.look_into_stop(p_id uuid, p_by_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set looked_at = app.now(), looked_by_name = identity.name_here()
    where f.school_id = app.school_id() and f.id = p_id and f.ended = 'stopped' and f.looked_at is null
      and app.person_id() = any (identity.stop_lookers(f.school_id, f.asked_by, f.agreed_by));
  return found;
end

$function$;
