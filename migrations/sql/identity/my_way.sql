-- Owned by wb_identity; called by wb_facilitator, wb_owner, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.my_way()
 RETURNS smallint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT CASE WHEN (bool_and(identity.is_told_apart(m.account_id)) IS NOT FALSE) THEN (COALESCE((max(m.generation))::integer, 0))::smallint ELSE NULL::smallint END AS "case" FROM identity.membership m WHERE ((m.person_id = (SELECT app.person_id() AS person_id)) AND (m.in_school = (SELECT app.school_id() AS school_id)) AND (m.role = 'parent'::text) AND (m.ended_at IS NULL)));
