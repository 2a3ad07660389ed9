-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.my_fresh_start()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(max(f.ended_at), '-infinity'::timestamp with time zone) AS "coalesce" FROM fresh_start f WHERE ((f.school_id = (SELECT app.school_id() AS school_id)) AND (f.ended = 'done'::text) AND (f.person_id IN (SELECT app.person_id() AS person_id UNION ALL SELECT l.parent_id FROM facilitator l WHERE ((l.school_id = (SELECT app.school_id() AS school_id)) AND (l.id = (SELECT app.person_id() AS person_id)))))));
