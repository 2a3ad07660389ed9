-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.coming_role(p_account uuid)
 RETURNS TABLE(role text, begins_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The next role of somebody at work, and from when; without a moment while nobody has agreed to it.
  return query select c.role, nullif(c.begins_at, 'infinity') from app.coming_memberships(p_account) c
    order by c.begins_at limit 1;
end
$function$;
