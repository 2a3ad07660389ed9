-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.sign_up(p_hash bytea, p_signup uuid, p_first_name text, p_last_name text, p_email text, p_phone text, p_language text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_link public.signup_link;
begin
  select l.* into v_link from identity.signup_address a
    join public.signup_link l on l.school_id = a.in_school and l.id = a.link_id
    join public.school s on s.school_id = l.school_id
    where a.token_hash = p_hash and l.ended_at is null and l.closed_at is null
      and l.open_until >= (app.now() at time zone 'Europe/London')::date and s.stage = 'active'
    for update of l;
  if not found then return false; end if;
  -- Pressed twice it is one; who comes second waits for the first by the link's row.
  if not exists (select from public.signup g where g.school_id = v_link.school_id and g.link_id = v_link.id
      and lower(g.first_name) = lower(p_first_name) and lower(g.last_name) = lower(p_last_name)
      and g.email = p_email and g.phone = p_phone and g.accepted_at is null) then
    insert into public.signup (school_id, id, link_id, first_name, last_name, email, phone, language)
      values (v_link.school_id, p_signup, v_link.id, p_first_name, p_last_name, p_email, p_phone, p_language);
    update public.signup_link l set used = l.used + 1 where l.school_id = v_link.school_id and l.id = v_link.id;
  end if;
  return true;
end
$function$;
