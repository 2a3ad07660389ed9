-- Owned by wb_helper; called by wb_documents, wb_school.
CREATE OR REPLACE FUNCTION app.call_makers()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(NULLIF(array_agg(m.id ORDER BY m.id) FILTER (WHERE m.is_contact), '{}'::uuid[]), array_agg(m.id ORDER BY m.id) FILTER (WHERE (m.role = 'school_lead'::text)), '{}'::uuid[]) AS "coalesce"
    FROM ( SELECT m_1.id,
             m_1.role,
             (((lower(m_1.email) = lower(s.contact_email)) AND (s.contact_email <> ''::text)) OR (lower(btrim(m_1.name)) = lower(btrim(s.contact_name)))) AS is_contact
            FROM (staff_member m_1
              JOIN school s ON ((s.school_id = m_1.school_id)))
           WHERE ((m_1.school_id = ( SELECT app.school_id() AS school_id)) AND (m_1.accepted_at IS NOT NULL) AND (m_1.ended_at IS NULL) AND (m_1.role <> ALL (ARRAY['head_teacher'::text, 'school_office'::text])))) m;
END;
