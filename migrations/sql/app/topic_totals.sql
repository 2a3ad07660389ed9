-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.topic_totals(p_cohort_id uuid)
 RETURNS TABLE(topic text, votes bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT v.topic,
     count(DISTINCT v.parent_id) AS count
    FROM topic_vote v
   WHERE ((v.school_id = ( SELECT app.school_id() AS school_id)) AND (v.cohort_id = topic_totals.p_cohort_id))
   GROUP BY v.topic
   ORDER BY (count(DISTINCT v.parent_id)) DESC, v.topic;
END;
