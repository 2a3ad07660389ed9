-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.calls_in_tens()
 RETURNS TABLE(need text, tens integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT c.need,
     ((c.calls / 10) * 10)
    FROM call_count c
   WHERE ((c.school_id = ( SELECT app.school_id() AS school_id)) AND (c.calls >= 10))
   ORDER BY ((c.calls / 10) * 10) DESC, c.need;
END;
