-- Owned by wb_helper; called by wb_documents, wb_rollup, wb_school.
CREATE OR REPLACE FUNCTION app.merged_parent_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(m.gone_id), '{}'::uuid[]) AS "coalesce"
    FROM parent_merge m
   WHERE ((m.school_id = ( SELECT app.school_id() AS school_id)) AND (m.undone_at IS NULL));
END;
