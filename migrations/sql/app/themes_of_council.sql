-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.themes_of_council()
 RETURNS TABLE(school_id uuid, approved_at timestamp with time zone, reply_by date, replied_at timestamp with time zone, words text, reply text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT t.school_id,
     t.approved_at,
     t.reply_by,
     t.replied_at,
         CASE
             WHEN r.released THEN t.words
             ELSE NULL::text
         END AS "case",
         CASE
             WHEN r.released THEN t.reply
             ELSE NULL::text
         END AS "case"
    FROM group_theme t,
     LATERAL ( SELECT (count(*) >= 5) AS released
            FROM theme_voice v
           WHERE ((v.school_id = t.school_id) AND (v.theme_id = t.id) AND v.to_council)) r
   WHERE ((t.school_id = ANY (app.authority_school_ids())) AND (t.state = ANY (ARRAY['approved'::text, 'replied'::text])));
END;
