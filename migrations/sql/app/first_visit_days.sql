-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.first_visit_days()
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((count(*) >= 10) AND ( SELECT (count(DISTINCT e.parent_id) >= 18)
                FROM enrolment e
               WHERE (e.school_id = ( SELECT app.school_id() AS school_id)))) THEN percentile_disc((0.5)::double precision) WITHIN GROUP (ORDER BY d.days)
             ELSE NULL::integer
         END AS "case"
    FROM ( SELECT (min(s.on_date) - ((COALESCE(p.invited_at, p.joined_at) AT TIME ZONE 'Europe/London'::text))::date) AS days
            FROM ((attendance a
              JOIN cohort_session s ON (((s.school_id = a.school_id) AND (s.id = a.session_id))))
              JOIN parent p ON (((p.school_id = a.school_id) AND (p.id = a.parent_id))))
           WHERE ((a.school_id = ( SELECT app.school_id() AS school_id)) AND (a.mark = ANY (ARRAY['present'::text, 'late'::text, 'left_early'::text])) AND (s.on_date <= (((app.now() AT TIME ZONE 'Europe/London'::text))::date - 28)))
           GROUP BY p.id, p.invited_at, p.joined_at) d
   WHERE (d.days >= 0);
END;
