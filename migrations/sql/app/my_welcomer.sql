-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.my_welcomer(p_cohort_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(NULLIF(c.known_as, ''::text), NULLIF(c.first_name, ''::text), split_part(btrim(regexp_replace(btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+'::text, ''::text, 'i'::text)), ' '::text, 1)) AS "coalesce"
    FROM (((group_welcome w
      JOIN cohort_facilitator l ON (((l.school_id = w.school_id) AND (l.cohort_id = w.cohort_id) AND (l.facilitator_id = w.welcomer_id))))
      JOIN facilitator f ON (((f.school_id = w.school_id) AND (f.id = w.welcomer_id) AND (f.stage <> 'withdrawn'::text))))
      LEFT JOIN parent_contact c ON (((c.school_id = f.school_id) AND (c.parent_id = f.parent_id))))
   WHERE ((w.school_id = ( SELECT app.school_id() AS school_id)) AND (w.cohort_id = my_welcomer.p_cohort_id) AND (w.cohort_id = ANY (( SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[])));
END;
