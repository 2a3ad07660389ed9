-- Owned by wb_helper; called by wb_documents, wb_school.
CREATE OR REPLACE FUNCTION app.standing_parent(p_parent uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 WITH RECURSIVE way(id, step) AS (
          SELECT standing_parent.p_parent AS p_parent,
             0 AS "?column?"
         UNION ALL
          SELECT m.kept_id,
             (w_1.step + 1)
            FROM (way w_1
              JOIN parent_merge m ON (((m.school_id = ( SELECT app.school_id() AS school_id)) AND (m.gone_id = w_1.id) AND (m.undone_at IS NULL))))
           WHERE (w_1.step < 100)
         )
  SELECT w.id
    FROM way w
   ORDER BY w.step DESC
  LIMIT 1;
END;
