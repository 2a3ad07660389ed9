-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.my_joining()
 RETURNS TABLE(session_id uuid, opens_at timestamp with time zone, ends_at timestamp with time zone, is_set boolean, link text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT s.id,
     at.opens,
     at.ends,
     (l.link IS NOT NULL),
         CASE
             WHEN ((app.now() >= at.opens) AND (app.now() < at.ends)) THEN l.link
             ELSE NULL::text
         END AS "case"
    FROM ((((enrolment e
      JOIN cohort c ON (((c.school_id = e.school_id) AND (c.id = e.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
      JOIN cohort_session s ON (((s.school_id = c.school_id) AND (s.cohort_id = c.id) AND (s.state = 'planned'::text) AND (s.format <> 'room'::text))))
      LEFT JOIN cohort_join_link l ON (((l.school_id = c.school_id) AND (l.cohort_id = c.id))))
      CROSS JOIN LATERAL ( SELECT (((s.on_date + s.starts_at) AT TIME ZONE 'Europe/London'::text) - '02:00:00'::interval) AS opens,
             ((s.on_date + s.ends_at) AT TIME ZONE 'Europe/London'::text) AS ends) at)
   WHERE ((e.school_id = ( SELECT app.school_id() AS school_id)) AND (e.parent_id = ( SELECT app.person_id() AS person_id)) AND (e.status = 'in_group'::text) AND (e.cohort_id = ANY (( SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[])) AND (at.ends > app.now()));
END;
