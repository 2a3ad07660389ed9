-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.has_begun(p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether there is anything to read of theirs: a facilitator's group, or what a parent wrote since they said yes.
  return exists (select from identity.membership m where m.account_id = p_account and (m.role = 'facilitator'
    or exists (select from public.consent_event e where e.school_id = m.in_school and e.parent_id = m.person_id
      and e.kind = 'join' and e.given)));
end
$function$;
