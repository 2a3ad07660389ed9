-- Owned by wb_helper; called by wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION app.reply_ratings()
 RETURNS TABLE(theme_id uuid, enough bigint, partly bigint, not_enough bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT v.theme_id,
     count(*) FILTER (WHERE (v.enough = 'yes'::text)) AS count,
     count(*) FILTER (WHERE (v.enough = 'partly'::text)) AS count,
     count(*) FILTER (WHERE (v.enough = 'no'::text)) AS count
    FROM (theme_voice v
      JOIN group_theme t ON (((t.school_id = v.school_id) AND (t.id = v.theme_id))))
   WHERE ((v.school_id = ( SELECT app.school_id() AS school_id)) AND (t.state = 'replied'::text) AND (v.enough <> ''::text))
   GROUP BY v.theme_id
  HAVING (count(*) >= 5);
END;
