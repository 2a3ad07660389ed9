-- Owned by wb_helper; called by wb_dsl, wb_officer.
CREATE OR REPLACE FUNCTION app.concerns_kept_from_me()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(k.concern_id), '{}'::uuid[]) AS "coalesce" FROM (SELECT c.concern_id FROM concern_kept c WHERE (c.person_id = (SELECT app.person_id() AS person_id)) UNION ALL SELECT a.concern_id FROM authority_concern_kept a WHERE (a.person_id = (SELECT app.person_id() AS person_id))) k);
