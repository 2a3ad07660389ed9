-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.stop_fresh_start(p_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token;
begin
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'stop'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() returning * into used;
  if not found then return false; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'stopped', stopped_from = 'old_address'
    where f.school_id = used.in_school and f.id = used.subject_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = used.subject_id and t.used_at is null
    and t.cancelled_at is null;
  perform identity.tell_of_stop(used.in_school, used.subject_id, 'stopped');
  return true;
end
$function$;
