-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.open_feed(p_hash bytea, p_is_read boolean)
 RETURNS TABLE(role text, authority_id uuid, school_id uuid, person_id uuid, shows_place boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_day date := (app.now() at time zone 'Europe/London')::date;
begin
  if p_is_read then
    update identity.calendar_feed f set read_on = v_day
      where f.token_hash = p_hash and f.read_on is distinct from v_day;
  end if;
  return query select m.role, m.in_authority, m.in_school, m.person_id, f.shows_place
    from identity.calendar_feed f
    join identity.membership m on m.id = f.membership_id and m.ended_at is null
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where f.token_hash = p_hash and (m.in_school is not null or m.role = 'authority_admin');
end
$function$;
