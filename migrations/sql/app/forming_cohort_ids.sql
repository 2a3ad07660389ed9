-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.forming_cohort_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(c.id), '{}'::uuid[]) AS "coalesce" FROM cohort c WHERE ((c.school_id = (SELECT app.school_id() AS school_id)) AND (c.state = 'forming'::text)));
