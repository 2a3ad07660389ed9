-- Owned by wb_helper; called by wb_documents.
CREATE OR REPLACE FUNCTION app.missed_two(p_since date, p_today date)
 RETURNS TABLE(cohort_id uuid, parent_id uuid, next_session_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT e.cohort_id,
     e.parent_id,
     coming.id
    FROM ((enrolment e
      CROSS JOIN LATERAL ( SELECT count(a.mark) FILTER (WHERE (a.mark = 'absent'::text)) AS missed,
             min(met.on_date) AS first_on,
             max(met.on_date) AS last_on
            FROM (( SELECT s.id,
                     s.on_date
                    FROM cohort_session s
                   WHERE ((s.school_id = e.school_id) AND (s.cohort_id = e.cohort_id) AND (s.state = 'closed'::text))
                   ORDER BY s.on_date DESC, s.number DESC
                  LIMIT 2) met
              LEFT JOIN attendance a ON (((a.school_id = e.school_id) AND (a.session_id = met.id) AND (a.parent_id = e.parent_id))))) lately)
      CROSS JOIN LATERAL ( SELECT s.id
            FROM cohort_session s
           WHERE ((s.school_id = e.school_id) AND (s.cohort_id = e.cohort_id) AND (s.state = 'planned'::text) AND (s.on_date > missed_two.p_today))
           ORDER BY s.on_date, s.number
          LIMIT 1) coming)
   WHERE ((e.school_id = ( SELECT app.school_id() AS school_id)) AND (e.status = 'in_group'::text) AND (lately.missed = 2) AND (lately.last_on >= missed_two.p_since) AND (NOT (EXISTS ( SELECT 1
            FROM cohort_session s
           WHERE ((s.school_id = e.school_id) AND (s.cohort_id = e.cohort_id) AND (s.state = ANY (ARRAY['planned'::text, 'held'::text])) AND (s.on_date > lately.last_on) AND (s.on_date <= missed_two.p_today))))) AND (NOT (EXISTS ( SELECT 1
            FROM (absence_notice n
              JOIN cohort_session s ON (((s.school_id = n.school_id) AND (s.id = n.session_id))))
           WHERE ((n.school_id = e.school_id) AND (n.parent_id = e.parent_id) AND (s.cohort_id = e.cohort_id) AND (s.on_date >= lately.first_on))))))
   ORDER BY e.cohort_id, e.parent_id;
END;
