-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.my_wait_is_told()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(bool_and(((NOT f.is_silent) OR (NOT (f.ended IS DISTINCT FROM 'done'::text)))), true) AS "coalesce" FROM fresh_start f WHERE ((f.school_id = (SELECT app.school_id() AS school_id)) AND (f.person_id = (SELECT app.person_id() AS person_id)) AND (f.waits_until > app.now()) AND (f.ended IS DISTINCT FROM 'stopped'::text) AND (f.ended IS DISTINCT FROM 'taken_back'::text)));
