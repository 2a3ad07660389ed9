-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.seconds_pool(p_role text, p_authority uuid, p_school uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whose word would count: who holds the role now, who sees as much at that place, and the council's named officer.
  return case p_role
    when 'authority_admin' then identity.acting('authority_admin', p_authority, null)
    when 'commissioner' then identity.acting('authority_admin', p_authority, null)
    when 'named_officer' then case when identity.acting('named_officer', p_authority, null) = '{}'
      then identity.acting('authority_admin', p_authority, null) else '{}'::uuid[] end
    when 'school_dsl' then identity.acting('school_dsl', p_authority, p_school)
    else identity.acting('school_lead', p_authority, p_school) || identity.acting('school_dsl', p_authority, p_school)
    end || identity.acting('named_officer', p_authority, null);
end
$function$;
