-- Owned by wb_helper; called by wb_identity.
CREATE OR REPLACE FUNCTION app.accounts_of(p_person uuid, p_role text)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return coalesce((select array_agg(m.account_id) from identity.membership m where m.person_id = p_person
    and m.role = p_role and m.ended_at is null), '{}');
end $function$;
