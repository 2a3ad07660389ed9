-- Owned by wb_helper; called by wb_authority, wb_commissioner, wb_facilitator, wb_head, wb_office, wb_officer, wb_parent, wb_public, wb_school.
CREATE OR REPLACE FUNCTION app.results_for_everybody()
 RETURNS TABLE(id uuid, authority text, window_key text, title text, payload jsonb, sha256 text, published_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT r.id,
     a.name,
     r.window_key,
     r.title,
     r.payload,
     r.sha256,
     r.published_at
    FROM (published.release r
      JOIN authority a ON ((a.authority_id = r.authority_id)))
   WHERE ((r.public_at IS NOT NULL) AND (r.withdrawn_at IS NULL))
   ORDER BY a.name, r.published_at DESC, r.id;
END;
