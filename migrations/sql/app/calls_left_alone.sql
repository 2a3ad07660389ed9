-- Owned by wb_helper; called by wb_documents.
CREATE OR REPLACE FUNCTION app.calls_left_alone()
 RETURNS TABLE(id uuid, parent_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT r.id,
     r.parent_id
    FROM call_request r
   WHERE ((r.school_id = ( SELECT app.school_id() AS school_id)) AND (r.state = 'open'::text) AND (r.facilitator_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
            FROM (((cohort_facilitator l
              JOIN cohort c ON (((c.school_id = l.school_id) AND (c.id = l.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
              JOIN facilitator f ON (((f.school_id = l.school_id) AND (f.id = l.facilitator_id) AND (f.stage <> 'withdrawn'::text))))
              JOIN enrolment e ON (((e.school_id = l.school_id) AND (e.cohort_id = l.cohort_id) AND (e.parent_id = r.parent_id) AND (e.status = 'in_group'::text))))
           WHERE ((l.school_id = r.school_id) AND (l.cohort_id = r.cohort_id) AND (l.facilitator_id = r.facilitator_id))))));
END;
