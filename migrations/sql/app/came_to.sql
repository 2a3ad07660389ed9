-- Owned by wb_helper; called by wb_dispatch.
CREATE OR REPLACE FUNCTION app.came_to(p_cohort_ids uuid[])
 RETURNS TABLE(cohort_id uuid, parent_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT DISTINCT s.cohort_id,
     a.parent_id
    FROM (attendance a
      JOIN cohort_session s ON (((s.school_id = a.school_id) AND (s.id = a.session_id) AND (s.state = 'closed'::text))))
   WHERE ((a.school_id = ( SELECT app.school_id() AS school_id)) AND (s.cohort_id = ANY (came_to.p_cohort_ids)) AND (a.mark = ANY (ARRAY['present'::text, 'late'::text, 'left_early'::text])));
END;
