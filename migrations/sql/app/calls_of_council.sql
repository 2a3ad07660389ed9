-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.calls_of_council()
 RETURNS TABLE(need text, tens integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT c.need,
     ((floor(((sum(c.calls))::numeric / 10.0)))::integer * 10)
    FROM (call_count c
      JOIN school s ON (((s.school_id = c.school_id) AND (s.stage <> 'left'::text))))
   WHERE (c.school_id = ANY (app.authority_school_ids()))
   GROUP BY c.need
  HAVING ((sum(c.calls) >= 10) AND (count(DISTINCT s.controller_code) >= 3))
   ORDER BY ((floor(((sum(c.calls))::numeric / 10.0)))::integer * 10) DESC, c.need;
END;
