-- Owned by wb_owner; called by wb_identity, wb_web.
CREATE OR REPLACE FUNCTION app.audience_of(p_role text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN CASE WHEN (p_role = 'authority_admin'::text) THEN 'wb_authority'::text WHEN (p_role = 'named_officer'::text) THEN 'wb_officer'::text WHEN (p_role = 'commissioner'::text) THEN 'wb_commissioner'::text WHEN (p_role = ANY (ARRAY['school_lead'::text, 'senco'::text, 'attendance_lead'::text])) THEN 'wb_school'::text WHEN (p_role = 'school_dsl'::text) THEN 'wb_dsl'::text WHEN (p_role = 'head_teacher'::text) THEN 'wb_head'::text WHEN (p_role = 'school_office'::text) THEN 'wb_office'::text WHEN (p_role = 'facilitator'::text) THEN 'wb_facilitator'::text WHEN (p_role = 'parent'::text) THEN 'wb_parent'::text ELSE NULL::text END;
