-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.waiting_form(p_made_for bytea)
 RETURNS TABLE(id uuid, sealed text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select k.id, k.sealed from identity.kept_form k
    where k.made_for = p_made_for and k.until > app.now() order by k.created_at desc, k.id desc;
end
$function$;
