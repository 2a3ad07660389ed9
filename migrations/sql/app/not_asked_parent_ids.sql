-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.not_asked_parent_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(p.id), '{}'::uuid[]) AS "coalesce" FROM parent p WHERE ((p.school_id = (SELECT app.school_id() AS school_id)) AND (p.stage = 'identified'::text) AND (p.invited_at IS NULL) AND (p.joined_at IS NULL) AND (NOT (EXISTS (SELECT FROM identity.membership m WHERE (m.person_id = p.id))))));
