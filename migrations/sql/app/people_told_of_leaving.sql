-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.people_told_of_leaving(p_school uuid)
 RETURNS TABLE(recipient_kind text, person_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT 'parent'::text,
     p.id
    FROM parent p
   WHERE ((p.school_id = people_told_of_leaving.p_school) AND (p.stage = ANY (ARRAY['joined'::text, 'waiting'::text, 'in_group'::text])) AND (people_told_of_leaving.p_school = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[])))
 UNION ALL
  SELECT 'facilitator'::text,
     f.id
    FROM facilitator f
   WHERE ((f.school_id = people_told_of_leaving.p_school) AND (f.stage <> ALL (ARRAY['not_now'::text, 'withdrawn'::text])) AND (people_told_of_leaving.p_school = ANY (( SELECT app.authority_school_ids() AS authority_school_ids)::uuid[])));
END;
