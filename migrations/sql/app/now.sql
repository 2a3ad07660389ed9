-- Owned by wb_owner; called by wb_authority, wb_commissioner, wb_dispatch, wb_documents, wb_dsl, wb_facilitator, wb_head, wb_helper, wb_identity, wb_office, wb_officer, wb_parent, wb_public, wb_rollup, wb_school, wb_web.
CREATE OR REPLACE FUNCTION app.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN now();
