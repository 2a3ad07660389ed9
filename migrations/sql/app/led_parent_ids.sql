-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.led_parent_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(e.parent_id), '{}'::uuid[]) AS "coalesce" FROM ((enrolment e JOIN cohort_facilitator l ON (((l.school_id = e.school_id) AND (l.cohort_id = e.cohort_id)))) JOIN cohort c ON (((c.school_id = e.school_id) AND (c.id = e.cohort_id)))) WHERE ((l.school_id = (SELECT app.school_id() AS school_id)) AND (l.facilitator_id = (SELECT app.person_id() AS person_id)) AND (l.assigned_at > (SELECT app.my_fresh_start() AS my_fresh_start)) AND (e.status = ANY (ARRAY['in_group'::text, 'finished'::text])) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text]))));
