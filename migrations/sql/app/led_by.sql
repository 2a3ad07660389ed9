-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.led_by(p_cohort_id uuid)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT app.leader_names(p_cohort_id) AS leader_names WHERE (p_cohort_id = ANY (app.led_cohort_ids())));
