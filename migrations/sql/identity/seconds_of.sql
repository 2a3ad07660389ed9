-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.seconds_of(p_role text, p_authority uuid, p_school uuid, p_asker uuid, p_person uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- People who may agree now.
  return coalesce((select array_agg(distinct m.person_id) from identity.membership m
    where m.person_id = any (identity.seconds_pool(p_role, p_authority, p_school)) and m.ended_at is null
      and m.person_id <> p_person and m.account_id <> all (app.accounts_of(p_person, p_role))
      and identity.may_second(p_asker, m.account_id)), '{}');
end
$function$;
