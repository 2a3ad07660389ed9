-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.whom_i_may_ask()
 RETURNS TABLE(cohort_id uuid, facilitator_id uuid, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT one.cohort_id,
     one.facilitator_id,
     one.name
    FROM ( SELECT e.cohort_id,
             l.facilitator_id,
             COALESCE(NULLIF(k.known_as, ''::text), NULLIF(k.first_name, ''::text),
                 CASE
                     WHEN (f.name ~* '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+\S+$'::text) THEN ''::text
                     ELSE split_part(regexp_replace(btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+'::text, ''::text, 'i'::text), ' '::text, 1)
                 END) AS name
            FROM ((((enrolment e
              JOIN cohort c ON (((c.school_id = e.school_id) AND (c.id = e.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
              JOIN cohort_facilitator l ON (((l.school_id = e.school_id) AND (l.cohort_id = e.cohort_id))))
              JOIN facilitator f ON (((f.school_id = l.school_id) AND (f.id = l.facilitator_id) AND (f.stage <> 'withdrawn'::text))))
              LEFT JOIN parent_contact k ON (((k.school_id = f.school_id) AND (k.parent_id = f.parent_id))))
           WHERE ((e.school_id = ( SELECT app.school_id() AS school_id)) AND (e.parent_id = ( SELECT app.person_id() AS person_id)) AND (e.status = 'in_group'::text) AND (e.cohort_id = ANY (( SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[])) AND (f.parent_id IS DISTINCT FROM e.parent_id))) one
   WHERE (one.name <> ''::text)
   ORDER BY one.name, one.facilitator_id;
END;
