-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.arm_letter(p_letter uuid, p_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Where the letter is printed: from here on its link opens. As `arm_token` for messages.
  update identity.token t set token_hash = p_hash where t.outbox_id = p_letter and t.channel = 'letter'
    and t.token_hash <> p_hash and t.used_at is null and t.cancelled_at is null
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end
$function$;
