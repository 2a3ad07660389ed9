-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.names_of_left(p_session_id uuid)
 RETURNS TABLE(parent_id uuid, name text, known_as text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT e.parent_id,
     TRIM(BOTH FROM ((c.first_name || ' '::text) || c.last_name)) AS btrim,
     COALESCE(NULLIF(c.known_as, ''::text), c.first_name) AS "coalesce"
    FROM ((cohort_session s
      JOIN enrolment e ON (((e.school_id = s.school_id) AND (e.cohort_id = s.cohort_id) AND (e.status = ANY (ARRAY['left'::text, 'finished'::text])))))
      JOIN parent_contact c ON (((c.school_id = e.school_id) AND (c.parent_id = e.parent_id))))
   WHERE ((s.school_id = ( SELECT app.school_id() AS school_id)) AND (s.id = names_of_left.p_session_id) AND (s.cohort_id = ANY (( SELECT app.led_cohort_ids() AS led_cohort_ids)::uuid[])) AND ((e.status = 'finished'::text) OR (e.left_at > ((s.on_date + s.starts_at) AT TIME ZONE 'Europe/London'::text))));
END;
