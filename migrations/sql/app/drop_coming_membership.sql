-- Owned by wb_helper; called by wb_identity.
CREATE OR REPLACE FUNCTION app.drop_coming_membership(p_person uuid, p_role text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update identity.membership m set ended_at = app.now() where m.person_id = p_person and m.role = p_role
    and m.ended_at is null and m.begins_at > app.now();
end $function$;
