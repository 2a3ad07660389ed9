-- Owned by wb_owner; called by wb_web.
CREATE OR REPLACE FUNCTION app.enter(p_hash bytea)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare r record;
begin
  select s.*, case when s.membership_id is null then 'wb_public' else app.audience_of(s.role) end as audience
    into r from identity.open_session(p_hash) s;
  if not found then
    perform set_config('role', 'wb_public', true), set_config('app.authority', '', true),
      set_config('app.school', '', true), set_config('app.person', '', true), set_config('app.browser', '', true);
    return null;
  end if;
  if r.audience is null then
    raise exception 'nobody is served as %', r.role;
  end if;
  perform set_config('role', r.audience, true),
    set_config('app.authority', coalesce(r.authority_id::text, ''), true),
    set_config('app.school', coalesce(r.school_id::text, ''), true),
    set_config('app.person', coalesce(r.person_id::text, ''), true),
    set_config('app.browser', encode(p_hash, 'hex'), true);
  return row_to_json(r);
end
$function$;
