-- Owned by wb_helper; called by wb_public.
CREATE OR REPLACE FUNCTION app.bears_council_token(p_token bytea)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM notify_callback c
           WHERE ((c.token_hash = bears_council_token.p_token) OR (c.before_hash = bears_council_token.p_token)))) AS "exists";
END;
