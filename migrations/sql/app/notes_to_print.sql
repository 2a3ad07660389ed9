-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.notes_to_print()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (SELECT COALESCE(array_agg(d.id), '{}'::uuid[]) AS "coalesce" FROM (learning_notes n JOIN document d ON (((d.school_id = n.school_id) AND (d.kind = 'learning_notes'::text) AND (d.subject_id = n.session_id)))) WHERE ((n.school_id = (SELECT app.school_id() AS school_id)) AND (n.state = 'sent'::text) AND (d.created_at >= n.sent_at) AND (d.parent_id IS NULL) AND ((n.cohort_id = ANY ((SELECT app.joined_cohort_ids() AS joined_cohort_ids)::uuid[])) OR (n.session_id = ANY ((SELECT app.attended_session_ids() AS attended_session_ids)::uuid[])))));
