-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.my_leaders()
 RETURNS TABLE(cohort_id uuid, names text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT e.cohort_id,
     app.leader_names(e.cohort_id) AS leader_names
    FROM enrolment e
   WHERE ((e.school_id = ( SELECT app.school_id() AS school_id)) AND (e.parent_id = ( SELECT app.person_id() AS person_id)) AND (e.status = 'in_group'::text));
END;
