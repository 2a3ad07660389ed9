-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.open_signup(p_hash bytea)
 RETURNS TABLE(kind text, school_name text, organisation text, is_open boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select l.kind, s.name, l.organisation,
      l.closed_at is null and l.open_until >= (app.now() at time zone 'Europe/London')::date and s.stage = 'active'
    from identity.signup_address a
    join public.signup_link l on l.school_id = a.in_school and l.id = a.link_id and l.ended_at is null
    join public.school s on s.school_id = l.school_id
    where a.token_hash = p_hash;
end
$function$;
