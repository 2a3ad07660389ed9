-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.my_offer()
 RETURNS TABLE(offer_id uuid, cohort_id uuid, name text, room text, days date[], starts_at time without time zone, minutes integer, leaders text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT o.id,
     c.id,
     c.name,
     c.room,
     COALESCE(( SELECT array_agg(s.on_date ORDER BY s.on_date) AS array_agg
            FROM cohort_session s
           WHERE ((s.school_id = c.school_id) AND (s.cohort_id = c.id) AND (s.state = 'planned'::text) AND (((s.on_date + s.ends_at) AT TIME ZONE 'Europe/London'::text) > app.now()))), '{}'::date[]) AS "coalesce",
     c.starts_at,
     (c.minutes)::integer AS minutes,
     app.leader_names(c.id) AS leader_names
    FROM (place_offer o
      JOIN cohort c ON (((c.school_id = o.school_id) AND (c.id = o.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
   WHERE ((o.school_id = ( SELECT app.school_id() AS school_id)) AND (o.parent_id = ( SELECT app.person_id() AS person_id)) AND (o.state = 'open'::text) AND (NOT (EXISTS ( SELECT
            FROM fresh_start f
           WHERE ((f.school_id = ( SELECT app.school_id() AS school_id)) AND (f.person_id = ( SELECT app.person_id() AS person_id)) AND (f.waits_until > app.now()) AND (f.ended IS DISTINCT FROM 'stopped'::text) AND (f.ended IS DISTINCT FROM 'taken_back'::text))))));
END;
