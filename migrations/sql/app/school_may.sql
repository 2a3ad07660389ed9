-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.school_may(p_right text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT CASE school_may.p_right WHEN 'invite_parents'::text THEN (s.stage = 'active'::text) WHEN 'form_groups'::text THEN (s.stage = 'active'::text) ELSE false END AS "case" FROM school s WHERE (s.school_id = (SELECT app.school_id() AS school_id)));
