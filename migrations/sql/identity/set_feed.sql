-- Owned by wb_identity; called by wb_authority, wb_dsl, wb_facilitator, wb_parent, wb_school.
CREATE OR REPLACE FUNCTION identity.set_feed(p_hash bytea, p_shows_place boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_membership uuid := identity.pressing_membership();
begin
  if v_membership is null then return false; end if;
  insert into identity.calendar_feed as f (membership_id, token_hash, shows_place)
    values (v_membership, p_hash, p_shows_place)
    on conflict (membership_id) do update set token_hash = excluded.token_hash, shows_place = excluded.shows_place,
      made_at = app.now(), read_on = null;
  return true;
end
$function$;
