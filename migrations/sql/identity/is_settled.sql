-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_settled(p_person uuid, p_school uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Here for 30 days, or appointed.
  return identity.is_appointed(p_person, p_school) or exists (select from identity.membership m
    join identity.account a on a.id = m.account_id where m.person_id = p_person and m.in_school = p_school
      and m.created_at <= app.now() - interval '30 days' and a.created_at <= app.now() - interval '30 days');
end
$function$;
