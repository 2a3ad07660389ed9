-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.give_signup_address(p_hash bytea, p_link uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  insert into identity.signup_address (token_hash, in_school, link_id)
    select p_hash, l.school_id, l.id from public.signup_link l
      where l.school_id = app.school_id() and l.id = p_link and l.ended_at is null
    on conflict do nothing;
  return found;
end
$function$;
