-- Owned by wb_identity; called by wb_facilitator, wb_owner, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.my_generation()
 RETURNS smallint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT (COALESCE((max(m.generation))::integer, 0))::smallint AS "coalesce" FROM identity.membership m WHERE ((m.person_id = (SELECT app.person_id() AS person_id)) AND (m.in_school = (SELECT app.school_id() AS school_id)) AND (m.role = 'parent'::text) AND (m.ended_at IS NULL)));
