-- Owned by wb_helper; called by wb_authority, wb_identity, wb_officer, wb_rollup.
CREATE OR REPLACE FUNCTION app.authority_school_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(school.school_id), '{}'::uuid[]) AS "coalesce" FROM school WHERE (school.authority_id = (SELECT app.authority_id() AS authority_id)));
