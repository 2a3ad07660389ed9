-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.linked_letters(p_letters uuid[])
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For the pile of letters to hand out: which were made with a link, whether or not it still opens. No secrets.
  return query select t.outbox_id from identity.token t where t.outbox_id = any (p_letters) and t.channel = 'letter'
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end
$function$;
