-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.my_sealed()
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(DISTINCT kept.kind), '{}'::text[]) AS "coalesce" FROM (SELECT ((s.occasion || ':'::text) || COALESCE((s.cohort_id)::text, ''::text)) AS kind FROM answer_set s WHERE ((s.school_id = (SELECT app.school_id() AS school_id)) AND (s.parent_id = (SELECT app.person_id() AS person_id)) AND (s.way < (SELECT identity.my_way() AS my_way))) UNION ALL SELECT 'topic_votes'::text FROM topic_vote v WHERE ((v.school_id = (SELECT app.school_id() AS school_id)) AND (v.parent_id = (SELECT app.person_id() AS person_id)) AND (v.way < (SELECT identity.my_way() AS my_way))) UNION ALL SELECT 'offers_to_lead'::text FROM facilitator_application a WHERE ((a.school_id = (SELECT app.school_id() AS school_id)) AND (a.parent_id = (SELECT app.person_id() AS person_id)) AND (a.way < (SELECT identity.my_way() AS my_way)))) kept);
