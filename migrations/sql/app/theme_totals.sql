-- Owned by wb_helper; called by wb_facilitator, wb_parent.
CREATE OR REPLACE FUNCTION app.theme_totals()
 RETURNS TABLE(theme_id uuid, ours bigint, not_ours bigint, to_council bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT v.theme_id,
     count(*) FILTER (WHERE v.ours) AS count,
     count(*) FILTER (WHERE (NOT v.ours)) AS count,
     count(*) FILTER (WHERE v.to_council) AS count
    FROM (theme_voice v
      JOIN group_theme t ON (((t.school_id = v.school_id) AND (t.id = v.theme_id))))
   WHERE ((v.school_id = ( SELECT app.school_id() AS school_id)) AND ((t.cohort_id = ANY (( SELECT app.led_cohort_ids() AS led_cohort_ids)::uuid[])) OR (t.cohort_id = ANY (( SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[]))))
   GROUP BY v.theme_id;
END;
