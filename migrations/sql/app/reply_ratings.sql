-- Owned by wb_helper; called by wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION app.reply_ratings()
 RETURNS TABLE(theme_id uuid, enough bigint, partly bigint, not_enough bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT t.id,
     r.yes,
     r.partly,
     r.no
    FROM group_theme t,
     LATERAL ( SELECT count(*) FILTER (WHERE (v.enough = 'yes'::text)) AS yes,
             count(*) FILTER (WHERE (v.enough = 'partly'::text)) AS partly,
             count(*) FILTER (WHERE (v.enough = 'no'::text)) AS no,
             count(*) AS said
            FROM theme_voice v
           WHERE ((v.school_id = t.school_id) AND (v.theme_id = t.id) AND (v.enough <> ''::text))) r
   WHERE ((t.school_id = ( SELECT app.school_id() AS school_id)) AND (t.state = 'replied'::text) AND (t.replied_at <= (app.now() - '14 days'::interval)) AND (r.said >= 5) AND (GREATEST(r.yes, r.partly, r.no) < r.said));
END;
