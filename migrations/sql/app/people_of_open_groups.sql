-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.people_of_open_groups(p_school uuid)
 RETURNS TABLE(recipient_kind text, person_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT DISTINCT 'parent'::text,
     e.parent_id
    FROM (enrolment e
      JOIN cohort c ON (((c.school_id = e.school_id) AND (c.id = e.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
   WHERE ((e.school_id = people_of_open_groups.p_school) AND (e.status = 'in_group'::text) AND (people_of_open_groups.p_school = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[])))
 UNION ALL
  SELECT DISTINCT 'facilitator'::text,
     f.facilitator_id
    FROM (cohort_facilitator f
      JOIN cohort c ON (((c.school_id = f.school_id) AND (c.id = f.cohort_id) AND (c.state = ANY (ARRAY['forming'::text, 'running'::text])))))
   WHERE ((f.school_id = people_of_open_groups.p_school) AND (people_of_open_groups.p_school = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[])));
END;
