-- Owned by wb_owner; called by wb_authority, wb_commissioner, wb_dispatch, wb_documents, wb_dsl, wb_facilitator, wb_head, wb_helper, wb_identity, wb_office, wb_officer, wb_parent, wb_public, wb_rollup, wb_school.
CREATE OR REPLACE FUNCTION app.authority_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (NULLIF(current_setting('app.authority'::text, true), ''::text))::uuid;
