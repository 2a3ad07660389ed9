-- Owned by wb_helper; called by wb_public.
CREATE OR REPLACE FUNCTION app.keep_council_delivery(p_token bytea, p_provider uuid, p_said text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 UPDATE notify_callback c SET heard_at = app.now(), before_hash = NULL::bytea
   WHERE ((c.token_hash = keep_council_delivery.p_token) AND (c.heard_at IS NULL));
 INSERT INTO delivery_said (provider_id, said, at, said_by)  SELECT keep_council_delivery.p_provider AS p_provider,
             keep_council_delivery.p_said AS p_said,
             app.now() AS now,
             c.authority_id
            FROM notify_callback c
           WHERE ((c.token_hash = keep_council_delivery.p_token) OR (c.before_hash = keep_council_delivery.p_token)) ON CONFLICT(provider_id) DO NOTHING;
END;
