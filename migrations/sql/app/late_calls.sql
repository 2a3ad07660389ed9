-- Owned by wb_helper; called by wb_documents.
CREATE OR REPLACE FUNCTION app.late_calls()
 RETURNS TABLE(id uuid, parent_id uuid, call_by date)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT r.id,
     r.parent_id,
     r.call_by
    FROM call_request r
   WHERE ((r.school_id = ( SELECT app.school_id() AS school_id)) AND (r.state = 'open'::text) AND (r.tries = 0) AND (r.call_by < ((app.now() AT TIME ZONE 'Europe/London'::text))::date));
END;
