-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.texts_since(p_since date)
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 WITH sent AS (
          SELECT o.sent_at,
             COALESCE((o.parts)::integer, 1) AS parts
            FROM outbox o
           WHERE ((o.school_id = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[])) AND (o.channel = 'sms'::text))
         UNION ALL
          SELECT o.sent_at,
             COALESCE((o.parts)::integer, 1) AS "coalesce"
            FROM authority_outbox o
           WHERE ((o.authority_id = ( SELECT app.authority_id() AS authority_id)) AND (o.channel = 'sms'::text))
         ), counted AS (
          SELECT COALESCE(sum(s.parts), (0)::bigint) AS number
            FROM sent s
           WHERE ((date_trunc('month'::text, (s.sent_at AT TIME ZONE 'Europe/London'::text)) >= date_trunc('month'::text, (texts_since.p_since)::timestamp without time zone)) AND (date_trunc('month'::text, (s.sent_at AT TIME ZONE 'Europe/London'::text)) < date_trunc('month'::text, (app.now() AT TIME ZONE 'Europe/London'::text))))
         )
  SELECT
         CASE
             WHEN (c.number < 50) THEN 0
             ELSE ((round(((c.number)::numeric / 50.0)) * (50)::numeric))::integer
         END AS "case"
    FROM counted c;
END;
