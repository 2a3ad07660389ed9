-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.my_wait()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT max(f.waits_until) AS max FROM fresh_start f WHERE ((f.school_id = (SELECT app.school_id() AS school_id)) AND (f.person_id = (SELECT app.person_id() AS person_id)) AND (f.waits_until > app.now()) AND (f.ended IS DISTINCT FROM 'stopped'::text) AND (f.ended IS DISTINCT FROM 'taken_back'::text)));
