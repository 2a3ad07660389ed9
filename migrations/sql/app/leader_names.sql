-- Owned by wb_owner; called by wb_dispatch, wb_helper.
CREATE OR REPLACE FUNCTION app.leader_names(p_cohort_id uuid)
 RETURNS text[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(one.name ORDER BY one.name), '{}'::text[]) AS "coalesce"
    FROM ( SELECT COALESCE(NULLIF(c.known_as, ''::text), NULLIF(c.first_name, ''::text),
                 CASE
                     WHEN (f.name ~* '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+\S+$'::text) THEN ''::text
                     ELSE split_part(regexp_replace(btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+'::text, ''::text, 'i'::text), ' '::text, 1)
                 END) AS name
            FROM ((cohort_facilitator l
              JOIN facilitator f ON (((f.school_id = l.school_id) AND (f.id = l.facilitator_id) AND (f.stage <> 'withdrawn'::text))))
              LEFT JOIN parent_contact c ON (((c.school_id = f.school_id) AND (c.parent_id = f.parent_id))))
           WHERE ((l.school_id = ( SELECT app.school_id() AS school_id)) AND (l.cohort_id = leader_names.p_cohort_id))) one
   WHERE (one.name <> ''::text);
END;
