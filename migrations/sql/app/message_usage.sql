-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.message_usage(p_since date)
 RETURNS TABLE(school_id uuid, month date, channel text, number integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 WITH sent AS (
          SELECT o.school_id,
             (date_trunc('month'::text, (o.sent_at AT TIME ZONE 'Europe/London'::text)))::date AS month,
             o.channel,
             COALESCE((o.parts)::integer, 1) AS parts
            FROM outbox o
           WHERE (o.school_id = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[]))
         UNION ALL
          SELECT NULL::uuid,
             (date_trunc('month'::text, (o.sent_at AT TIME ZONE 'Europe/London'::text)))::date AS date_trunc,
             o.channel,
             COALESCE((o.parts)::integer, 1) AS "coalesce"
            FROM authority_outbox o
           WHERE (o.authority_id = ( SELECT app.authority_id() AS authority_id))
         ), counted AS (
          SELECT s_1.school_id,
             s_1.month,
             s_1.channel,
             s_1.parts
            FROM sent s_1
           WHERE ((s_1.month >= (date_trunc('month'::text, (message_usage.p_since)::timestamp with time zone))::date) AND (s_1.month < (date_trunc('month'::text, (app.now() AT TIME ZONE 'Europe/London'::text)))::date))
         ), summed AS (
          SELECT c.school_id,
             c.month,
             c.channel,
             sum(c.parts) AS number
            FROM counted c
           WHERE (c.school_id IS NOT NULL)
           GROUP BY c.school_id, c.month, c.channel
         UNION ALL
          SELECT NULL::uuid,
             c.month,
             c.channel,
             sum(c.parts) AS sum
            FROM counted c
           GROUP BY c.month, c.channel
         )
  SELECT s.school_id,
     s.month,
     s.channel,
         CASE
             WHEN (s.number < 50) THEN 0
             ELSE ((round(((s.number)::numeric / 50.0)) * (50)::numeric))::integer
         END AS "case"
    FROM summed s;
END;
