-- Owned by wb_helper; called by wb_identity, wb_office.
CREATE OR REPLACE FUNCTION app.not_for_office()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (app.merged_parent_ids() || COALESCE(array_agg(c.parent_id), '{}'::uuid[]))
    FROM parent_contact c
   WHERE ((c.school_id = ( SELECT app.school_id() AS school_id)) AND (c.not_for_office OR c.off_office_by_self));
END;
