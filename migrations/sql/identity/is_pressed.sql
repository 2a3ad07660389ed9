-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_pressed()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Whether the scope's person is signed in, in this role and at this place, in the browser that this page serves.
  return session_user <> 'wb_web' or exists (
    select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.account_id = s.account_id and m.ended_at is null
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where s.token_hash = decode(coalesce(current_setting('app.browser', true), ''), 'hex')
      and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now()
      and m.person_id = app.person_id() and m.in_authority = app.authority_id()
      and m.in_school is not distinct from app.school_id()
      and app.audience_of(m.role) = current_setting('role'));
end
$function$;
