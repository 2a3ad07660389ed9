-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.letter_token(p_letter uuid, p_person uuid)
 RETURNS TABLE(salt bytea, expires_at timestamp with time zone, is_open boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select t.salt, t.expires_at, t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    from identity.token t where t.outbox_id = p_letter and t.channel = 'letter' and t.person_id = p_person
      and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end
$function$;
