-- Owned by wb_identity; called by wb_helper.
CREATE OR REPLACE FUNCTION identity.ways_since()
 RETURNS TABLE(parent_id uuid, since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT m.person_id,
     m.created_at
    FROM identity.membership m
   WHERE ((m.in_school = ( SELECT app.school_id() AS school_id)) AND (m.role = 'parent'::text) AND (m.generation > 0) AND (m.ended_at IS NULL));
END;
