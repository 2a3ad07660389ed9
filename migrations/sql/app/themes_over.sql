-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.themes_over()
 RETURNS TABLE(theme_id uuid, why text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT t.id,
         CASE
             WHEN (c.state = 'running'::text) THEN 'small'::text
             ELSE 'over'::text
         END AS "case"
    FROM (group_theme t
      JOIN cohort c ON (((c.school_id = t.school_id) AND (c.id = t.cohort_id))))
   WHERE ((t.school_id = ( SELECT app.school_id() AS school_id)) AND (t.cohort_id = ANY (app.joined_cohort_ids())) AND (t.state = 'proposed'::text) AND ((c.state <> 'running'::text) OR (( SELECT count(*) AS count
            FROM enrolment e
           WHERE ((e.school_id = t.school_id) AND (e.cohort_id = t.cohort_id) AND (e.status = ANY (ARRAY['in_group'::text, 'finished'::text])))) <= 5)));
END;
