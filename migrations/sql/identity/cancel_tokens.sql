-- Owned by wb_identity; called by wb_authority, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.cancel_tokens(p_person uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null
      and t.in_authority = app.authority_id()
      and ((current_setting('role') = 'wb_authority' and t.role not in ('parent', 'facilitator'))
        or (current_setting('role') <> 'wb_authority' and t.in_school = app.school_id()
          and (current_setting('role') <> 'wb_parent' or t.person_id = app.person_id())));
end

$function$;
