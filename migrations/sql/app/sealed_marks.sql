-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.sealed_marks()
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(((a.session_id)::text || (a.parent_id)::text)), '{}'::text[]) AS "coalesce" FROM ((identity.ways_since() w(parent_id, since) JOIN consent c ON (((c.school_id = (SELECT app.school_id() AS school_id)) AND (c.parent_id = w.parent_id) AND (c.kind = 'share_attendance'::text) AND (c.changed_at > w.since)))) JOIN attendance a ON (((a.school_id = c.school_id) AND (a.parent_id = c.parent_id) AND (a.marked_at <= w.since)))));
