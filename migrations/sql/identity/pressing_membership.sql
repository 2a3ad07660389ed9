-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.pressing_membership()
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The membership of whoever is signed in, in this role and at this place, in the browser that this page serves.
  if not identity.is_pressed() then return null; end if;
  return (select m.id from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = decode(coalesce(current_setting('app.browser', true), ''), 'hex')
      and m.person_id = app.person_id()
      and (m.in_school = app.school_id()
        or (m.in_school is null and app.school_id() is null and m.in_authority = app.authority_id())));
end
$function$;
