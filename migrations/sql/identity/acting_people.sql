-- Owned by wb_identity; called by wb_authority, wb_documents, wb_school.
CREATE OR REPLACE FUNCTION identity.acting_people(p_school uuid, p_role text)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Those who hold this role and can sign in: in one's own school, in a school of one's authority, or (no school) in
  -- the authority itself.
  if current_setting('role') in ('wb_school', 'wb_dsl', 'wb_documents') and p_school is distinct from app.school_id()
    or p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids())
  then raise insufficient_privilege; end if;
  return identity.acting(p_role, app.authority_id(), p_school);
end
$function$;
