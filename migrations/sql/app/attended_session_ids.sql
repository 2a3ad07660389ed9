-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.attended_session_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(a.session_id), '{}'::uuid[]) AS "coalesce" FROM attendance a WHERE ((a.school_id = (SELECT app.school_id() AS school_id)) AND (a.parent_id = (SELECT app.person_id() AS person_id)) AND (a.mark <> ALL (ARRAY['absent'::text, 'apology'::text])) AND (a.marked_at > (SELECT identity.my_way_since() AS my_way_since)) AND (NOT (EXISTS (SELECT FROM fresh_start f WHERE ((f.school_id = (SELECT app.school_id() AS school_id)) AND (f.person_id = (SELECT app.person_id() AS person_id)) AND (f.waits_until > app.now()) AND (f.ended IS DISTINCT FROM 'stopped'::text) AND (f.ended IS DISTINCT FROM 'taken_back'::text)))))));
