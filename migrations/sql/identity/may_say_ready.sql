-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.may_say_ready(p_first uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_first uuid; v_second uuid;
begin
  -- Whether whoever asks is another person than the colleague who carried the check, and neither is the other's doing:
  -- both are here for a while or appointed, and the first did not bring in the second.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first
    and m.in_school = app.school_id() order by m.created_at limit 1;
  select m.account_id into v_second from identity.membership m where m.person_id = app.person_id()
    and m.in_school = app.school_id() and m.ended_at is null limit 1;
  return v_second is not null and v_second is distinct from v_first
    and identity.is_pressed()
    and identity.is_settled(app.person_id(), app.school_id())
    and (p_first is null or identity.is_settled(p_first, app.school_id()))
    and (identity.is_appointed(app.person_id(), app.school_id())
      or not identity.brought_in(v_first, v_second));
end
$function$;
