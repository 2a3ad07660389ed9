-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.parents_in_tens()
 RETURNS TABLE(stage text, tens integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT c.stage,
     (((sum((c.parents)::integer) / 10))::integer * 10)
    FROM (school_activity a
      JOIN school s ON (((s.school_id = a.school_id) AND (s.stage <> 'left'::text)))),
     LATERAL jsonb_each_text(a.parents) c(stage, parents)
   WHERE ((s.school_id = ANY (app.authority_school_ids())) AND (c.stage = ANY (ARRAY['in_group'::text, 'waiting'::text])))
   GROUP BY c.stage;
END;
