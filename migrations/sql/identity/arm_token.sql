-- Owned by wb_identity; called by wb_dispatch.
CREATE OR REPLACE FUNCTION identity.arm_token(p_outbox_id uuid, p_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Where the message is sent: from here on its link opens. Only what an audience asked for, in the place that the
  -- message is of; nothing of it changes what was used or taken back.
  update identity.token t set token_hash = p_hash where t.outbox_id = p_outbox_id and t.salt <> ''
    and t.token_hash <> p_hash and t.used_at is null and t.cancelled_at is null
    and t.in_authority = app.authority_id() and t.in_school is not distinct from app.school_id();
end
$function$;
