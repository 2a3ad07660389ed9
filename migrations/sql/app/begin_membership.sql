-- Owned by wb_helper; called by wb_identity.
CREATE OR REPLACE FUNCTION app.begin_membership(p_person uuid, p_role text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update identity.membership m set begins_at = p_at where m.person_id = p_person and m.role = p_role
    and m.ended_at is null and m.begins_at > app.now();
end $function$;
