-- Owned by wb_helper; called by wb_authority, wb_commissioner, wb_facilitator, wb_head, wb_office, wb_officer, wb_parent, wb_public, wb_school.
CREATE OR REPLACE FUNCTION app.results_withdrawn_for_everybody()
 RETURNS TABLE(id uuid, withdrawn_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT r.id,
     r.withdrawn_at
    FROM release r
   WHERE ((r.state = 'withdrawn'::text) AND r.was_public AND (r.withdrawn_at IS NOT NULL));
END;
