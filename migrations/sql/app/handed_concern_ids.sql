-- Owned by wb_helper; called by wb_officer.
CREATE OR REPLACE FUNCTION app.handed_concern_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(h.concern_id), '{}'::uuid[]) AS "coalesce" FROM concern_handover h WHERE (h.authority_id = (SELECT app.authority_id() AS authority_id)));
