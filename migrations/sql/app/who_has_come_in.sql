-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.who_has_come_in(p_people uuid[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(DISTINCT m.person_id), '{}'::uuid[]) AS "coalesce"
    FROM identity.membership m
   WHERE ((m.in_school = ( SELECT app.school_id() AS school_id)) AND (m.role = 'parent'::text) AND (m.person_id = ANY (who_has_come_in.p_people)));
END;
