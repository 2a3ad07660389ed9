-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.save_session(p_hash bytea, p_id uuid, p_data jsonb, p_expires_at timestamp with time zone, p_idle interval, p_label text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- A row that is new is a visitor's, whoever asks for more.
  insert into identity.browser_session as s (token_hash, id, data, expires_at, idle, label)
    values (p_hash, p_id, p_data, least(p_expires_at, app.now() + interval '4 hours'),
      least(p_idle, interval '2 hours'), p_label)
    on conflict (token_hash) do update set data = p_data, last_seen_at = app.now();
end
$function$;
