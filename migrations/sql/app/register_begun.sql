-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.register_begun(p_session_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT 1
            FROM (attendance a
              JOIN cohort_session s ON (((s.school_id = a.school_id) AND (s.id = a.session_id))))
           WHERE ((a.school_id = ( SELECT app.school_id() AS school_id)) AND (a.session_id = register_begun.p_session_id) AND (a.marked_at >= ((s.on_date + s.starts_at) AT TIME ZONE 'Europe/London'::text))))) AS "exists";
END;
