-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.fresh_start_seconds()
 RETURNS TABLE(fresh_start_id uuid, person_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Of the school's fresh starts that wait for a second person: each of its staff who may agree now.
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  return query select distinct f.id, m.person_id from public.fresh_start f
    join identity.membership m on m.in_school = f.school_id and m.ended_at is null
    where f.school_id = app.school_id() and f.ended_at is null and f.agreed_at is null
      and m.role not in ('parent', 'facilitator') and identity.may_agree(f.asked_by, m.person_id, f.school_id);
end
$function$;
