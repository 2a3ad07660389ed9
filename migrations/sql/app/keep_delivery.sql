-- Owned by wb_helper; called by wb_public.
CREATE OR REPLACE FUNCTION app.keep_delivery(p_provider uuid, p_said text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 INSERT INTO delivery_said (provider_id, said, at)
   VALUES (keep_delivery.p_provider, keep_delivery.p_said, app.now()) ON CONFLICT(provider_id) DO NOTHING;
END;
