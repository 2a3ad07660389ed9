-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.joined_session_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(s.id), '{}'::uuid[]) AS "coalesce" FROM (cohort_session s JOIN enrolment e ON (((e.school_id = s.school_id) AND (e.cohort_id = s.cohort_id)))) WHERE ((e.school_id = (SELECT app.school_id() AS school_id)) AND (e.parent_id = (SELECT app.person_id() AS person_id)) AND (e.status = ANY (ARRAY['in_group'::text, 'finished'::text])) AND (NOT (EXISTS (SELECT FROM fresh_start f WHERE ((f.school_id = (SELECT app.school_id() AS school_id)) AND (f.person_id = (SELECT app.person_id() AS person_id)) AND (f.waits_until > app.now()) AND (f.ended IS DISTINCT FROM 'stopped'::text) AND (f.ended IS DISTINCT FROM 'taken_back'::text)))))));
