-- Owned by wb_helper; called by wb_identity.
CREATE OR REPLACE FUNCTION app.coming_memberships(p_account uuid)
 RETURNS TABLE(person_id uuid, role text, begins_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select m.person_id, m.role, m.begins_at from identity.membership m where m.account_id = p_account
    and m.ended_at is null and m.begins_at > app.now() order by m.begins_at, m.person_id;
end $function$;
