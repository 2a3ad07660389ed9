-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_appointed(p_person uuid, p_school uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Named in the signed agreement, or agreed to by a second person: not one colleague's word alone.
  return exists (select from public.appointment b where b.school_id = p_school and b.person_id = p_person
    and b.kind = 'appoint' and b.stopped_at is null and (b.basis = 'first_holder' or b.agreed_at is not null));
end
$function$;
