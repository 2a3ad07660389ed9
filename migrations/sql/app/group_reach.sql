-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.group_reach(p_cohort_id uuid)
 RETURNS TABLE(people bigint, by_text bigint, by_email bigint, by_none bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT count(*) AS count,
     count(*) FILTER (WHERE r.text) AS count,
     count(*) FILTER (WHERE r.email) AS count,
     count(*) FILTER (WHERE ((NOT r.text) AND (NOT r.email))) AS count
    FROM ( SELECT ((c.phone <> ''::text) AND (c.texts_stopped_at IS NULL) AND w.texts AND (NOT (EXISTS ( SELECT
                    FROM contact_doubt d
                   WHERE ((d.school_id = c.school_id) AND (d.person_id = c.parent_id) AND (d.settled_at IS NULL) AND (d.address = c.phone)))))) AS text,
             ((c.email <> ''::text) AND (c.emails_stopped_at IS NULL) AND w.emails AND (NOT (EXISTS ( SELECT
                    FROM contact_doubt d
                   WHERE ((d.school_id = c.school_id) AND (d.person_id = c.parent_id) AND (d.settled_at IS NULL) AND (d.address = c.email)))))) AS email
            FROM (((enrolment e
              JOIN parent p ON (((p.school_id = e.school_id) AND (p.id = e.parent_id) AND (p.stage <> ALL (ARRAY['said_no'::text, 'left'::text])))))
              JOIN parent_contact c ON (((c.school_id = e.school_id) AND (c.parent_id = e.parent_id))))
              CROSS JOIN LATERAL ( SELECT COALESCE((bool_or((k.kind = 'join'::text)) AND bool_or((k.kind = 'text'::text))), false) AS texts,
                     COALESCE((bool_or((k.kind = 'join'::text)) AND bool_or((k.kind = 'email'::text))), false) AS emails
                    FROM consent k
                   WHERE ((k.school_id = e.school_id) AND (k.parent_id = e.parent_id) AND k.given)) w)
           WHERE ((e.school_id = ( SELECT app.school_id() AS school_id)) AND (e.cohort_id = group_reach.p_cohort_id) AND (e.status = 'in_group'::text) AND (e.cohort_id = ANY (( SELECT app.led_cohort_ids() AS led_cohort_ids)::uuid[])))) r;
END;
