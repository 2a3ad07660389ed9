-- Owned by wb_helper; called by wb_head.
CREATE OR REPLACE FUNCTION app.school_in_numbers()
 RETURNS TABLE(what text, number integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 WITH week AS (
          SELECT (date_trunc('week'::text, (app.now() AT TIME ZONE 'Europe/London'::text)) AT TIME ZONE 'Europe/London'::text) AS began
         ), steps AS (
          SELECT e_1.parent_id,
             e_1.id,
             e_1.at,
             e_1.from_stage,
             e_1.to_stage,
             e_1.how
            FROM parent_event e_1,
             week w
           WHERE ((e_1.school_id = ( SELECT app.school_id() AS school_id)) AND (e_1.at < w.began) AND (NOT (EXISTS ( SELECT
                    FROM parent_merge m_1
                   WHERE ((m_1.school_id = e_1.school_id) AND (m_1.gone_id = e_1.parent_id) AND (m_1.at < w.began) AND ((m_1.undone_at IS NULL) OR (m_1.undone_at >= w.began)))))))
         ), stood AS (
          SELECT DISTINCT ON (s.parent_id) s.to_stage
            FROM steps s
           ORDER BY s.parent_id, s.at DESC, s.id DESC
         ), joined AS (
          SELECT ((count(DISTINCT s.parent_id) / 5) * 5) AS joined
            FROM steps s
           WHERE (('mistake'::text <> s.how) AND (ARRAY[s.to_stage, s.from_stage] && ARRAY['joined'::text, 'waiting'::text, 'in_group'::text, 'graduated'::text]) AND (NOT (EXISTS ( SELECT
                    FROM steps o
                   WHERE ((o.parent_id = s.parent_id) AND (o.how = 'mistake'::text) AND (o.at >= s.at) AND (o.from_stage = 'joined'::text) AND (o.to_stage = ANY (ARRAY['identified'::text, 'invited'::text, 'interested'::text])))))))
         ), parents AS (
          SELECT ((count(*) FILTER (WHERE (s.to_stage <> 'identified'::text)) / 5) * 5) AS asked,
             ((count(*) FILTER (WHERE (s.to_stage = ANY (ARRAY['joined'::text, 'waiting'::text]))) / 5) * 5) AS waiting,
             ((count(*) FILTER (WHERE (s.to_stage = 'in_group'::text)) / 5) * 5) AS in_groups
            FROM stood s
         ), groups AS (
          SELECT count(*) FILTER (WHERE (c.state = 'forming'::text)) AS forming,
             count(*) FILTER (WHERE (c.state = 'running'::text)) AS running,
             count(*) FILTER (WHERE (c.state = 'closed'::text)) AS closed,
             COALESCE(sum(c.places) FILTER (WHERE (c.state = ANY (ARRAY['forming'::text, 'running'::text]))), (0)::bigint) AS places,
             count(*) FILTER (WHERE ((c.state = ANY (ARRAY['forming'::text, 'running'::text])) AND (2 > ( SELECT count(*) AS count
                    FROM (cohort_facilitator l
                      JOIN facilitator f ON (((f.school_id = l.school_id) AND (f.id = l.facilitator_id))))
                   WHERE ((l.school_id = c.school_id) AND (l.cohort_id = c.id) AND (f.stage = ANY (ARRAY['ready'::text, 'leading'::text]))))))) AS without_two
            FROM cohort c
           WHERE (c.school_id = ( SELECT app.school_id() AS school_id))
         ), sessions AS (
          SELECT count(*) FILTER (WHERE (s.state = ANY (ARRAY['held'::text, 'closed'::text]))) AS held,
             count(*) FILTER (WHERE ((s.state = 'planned'::text) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])) AND (s.on_date >= ((app.now() AT TIME ZONE 'Europe/London'::text))::date))) AS coming
            FROM (cohort_session s
              JOIN cohort c ON (((c.school_id = s.school_id) AND (c.id = s.cohort_id))))
           WHERE (s.school_id = ( SELECT app.school_id() AS school_id))
         ), said AS (
          SELECT count(*) AS said,
             count(*) FILTER (WHERE (t_1.replied_at IS NOT NULL)) AS replied,
             count(*) FILTER (WHERE ((t_1.replied_at IS NULL) AND (t_1.reply_by < ((app.now() AT TIME ZONE 'Europe/London'::text))::date))) AS late,
             round(percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY (((((t_1.replied_at AT TIME ZONE 'Europe/London'::text))::date - ((t_1.approved_at AT TIME ZONE 'Europe/London'::text))::date))::double precision))) AS days
            FROM group_theme t_1
           WHERE ((t_1.school_id = ( SELECT app.school_id() AS school_id)) AND (t_1.state = ANY (ARRAY['approved'::text, 'replied'::text])))
         ), staff AS (
          SELECT count(*) FILTER (WHERE (m_1.role = 'school_lead'::text)) AS leads,
             count(*) FILTER (WHERE (m_1.role = 'school_dsl'::text)) AS dsls
            FROM staff_member m_1
           WHERE ((m_1.school_id = ( SELECT app.school_id() AS school_id)) AND (m_1.accepted_at IS NOT NULL) AND (m_1.ended_at IS NULL))
         )
  SELECT v.what,
     (v.number)::integer AS number
    FROM parents p,
     joined j,
     groups g,
     sessions e,
     said t,
     staff m,
     LATERAL ( VALUES ('asked'::text,p.asked), ('joined'::text,j.joined), ('waiting'::text,p.waiting), ('in_groups'::text,p.in_groups), ('forming'::text,g.forming), ('running'::text,g.running), ('closed'::text,g.closed), ('places'::text,g.places), ('without_two'::text,g.without_two), ('held'::text,e.held), ('coming'::text,e.coming), ('said'::text,t.said), ('replied'::text,t.replied), ('late'::text,t.late), ('days'::text,t.days), ('leads'::text,m.leads), ('dsls'::text,m.dsls)) v(what, number);
END;
