-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.my_presenters()
 RETURNS TABLE(session_id uuid, organisation text, topic text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT p.session_id,
     p.organisation,
     p.topic
    FROM (presenter p
      JOIN cohort_session s ON (((s.school_id = p.school_id) AND (s.id = p.session_id) AND (s.state = 'planned'::text) AND (s.on_date = p.on_date) AND (s.starts_at = p.starts_at))))
   WHERE ((p.school_id = ( SELECT app.school_id() AS school_id)) AND (p.state = 'yes'::text) AND (p.cohort_id = ANY (( SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[])))
   ORDER BY p.after_minutes, p.id;
END;
