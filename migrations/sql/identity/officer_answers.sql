-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.officer_answers()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if current_setting('role') <> 'wb_dsl' then return new; end if;
  if (old.read_at, old.read_by, old.closed_at, old.closed_by)
      is not distinct from (new.read_at, new.read_by, new.closed_at, new.closed_by) then return new; end if;
  if exists (select from public.concern_handover h where h.school_id = old.school_id and h.concern_id = old.id) then
    raise check_violation using constraint = 'concern_officer_answers', table = 'concern',
      message = 'the named officer answers for this concern';
  end if;
  return new;
end
$function$;
