-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.list_sessions(p_hash bytea)
 RETURNS TABLE(session_id uuid, label text, created_at timestamp with time zone, last_seen_at timestamp with time zone, is_this boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select s.id, s.label, s.created_at, s.last_seen_at, s.token_hash = p_hash
    from identity.browser_session s
    where s.account_id = (select t.account_id from identity.browser_session t where t.token_hash = p_hash)
      and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now()
    order by s.last_seen_at desc, s.id;
end
$function$;
