-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.sharing_parent_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(consent.parent_id), '{}'::uuid[]) AS "coalesce" FROM consent WHERE ((consent.school_id = (SELECT app.school_id() AS school_id)) AND (consent.kind = 'share_attendance'::text) AND consent.given));
