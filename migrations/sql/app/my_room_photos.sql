-- Owned by wb_helper; called by wb_facilitator, wb_parent.
CREATE OR REPLACE FUNCTION app.my_room_photos()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(p.id), '{}'::uuid[]) AS "coalesce" FROM (room_photo p JOIN school h ON ((h.school_id = p.school_id))) WHERE ((p.school_id = (SELECT app.school_id() AS school_id)) AND (p.taken_away_at IS NULL) AND (EXISTS (SELECT FROM cohort c WHERE ((c.school_id = p.school_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])) AND (c.id = ANY ((SELECT (app.joined_cohort_ids() || app.led_cohort_ids()))::uuid[])) AND ((COALESCE(NULLIF(c.room, ''::text), h.room) = ANY (ARRAY[p.room, (p.room || ', or online'::text)])) OR (EXISTS (SELECT FROM cohort_session s WHERE ((s.school_id = c.school_id) AND (s.cohort_id = c.id) AND (s.state = 'planned'::text) AND (s.room = ANY (ARRAY[p.room, (p.room || ', or online'::text)])))))))))));
