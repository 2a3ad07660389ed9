-- Owned by wb_owner; called by wb_web.
CREATE OR REPLACE FUNCTION app.enter(p_hash bytea)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare r record;
begin
  select s.*, case
      when s.membership_id is null then 'wb_public'
      when s.role = 'authority_admin' then 'wb_authority'
      when s.role = 'named_officer' then 'wb_officer'
      when s.role = 'commissioner' then 'wb_commissioner'
      when s.role in ('school_lead', 'senco', 'attendance_lead') then 'wb_school'
      when s.role = 'school_dsl' then 'wb_dsl'
      when s.role = 'facilitator' then 'wb_facilitator'
      when s.role = 'parent' then 'wb_parent'
    end as audience into r from identity.open_session(p_hash) s;
  if not found then
    perform set_config('role', 'wb_public', true), set_config('app.authority', '', true),
      set_config('app.school', '', true), set_config('app.person', '', true);
    return null;
  end if;
  if r.audience is null then
    raise exception 'nobody is served as %', r.role;
  end if;
  perform set_config('role', r.audience, true),
    set_config('app.authority', coalesce(r.authority_id::text, ''), true),
    set_config('app.school', coalesce(r.school_id::text, ''), true),
    set_config('app.person', coalesce(r.person_id::text, ''), true);
  return row_to_json(r);
end
$function$;
