-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.open_letters(p_letters uuid[])
 RETURNS TABLE(id uuid, expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For the pile of letters to hand out: whose link still opens, and until when. No secrets.
  return query select t.outbox_id, t.expires_at from identity.token t where t.outbox_id = any (p_letters)
    and t.channel = 'letter' and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end
$function$;
