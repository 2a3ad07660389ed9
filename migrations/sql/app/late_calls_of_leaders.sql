-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.late_calls_of_leaders()
 RETURNS TABLE(caller_name text, calls bigint, since date)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT r.caller_name,
     count(*) AS count,
     min(COALESCE(r.try_on, r.call_by)) AS min
    FROM ((call_request r
      JOIN cohort c ON (((c.school_id = r.school_id) AND (c.id = r.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
      JOIN cohort_facilitator l ON (((l.school_id = r.school_id) AND (l.cohort_id = r.cohort_id) AND (l.facilitator_id = r.facilitator_id))))
   WHERE ((r.school_id = ( SELECT app.school_id() AS school_id)) AND (r.state = 'open'::text) AND (COALESCE(r.try_on, r.call_by) < ((app.now() AT TIME ZONE 'Europe/London'::text))::date))
   GROUP BY r.facilitator_id, r.caller_name
   ORDER BY (min(COALESCE(r.try_on, r.call_by))), r.caller_name;
END;
