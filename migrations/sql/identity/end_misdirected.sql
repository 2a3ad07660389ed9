-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.end_misdirected()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_person uuid; v_role text; v_email text := ''; v_phone text := '';
begin
  if tg_table_name = 'parent_contact' then
    v_person := new.parent_id; v_role := 'parent'; v_email := new.email; v_phone := new.phone;
  else
    v_person := new.id; v_role := 'facilitator'; v_email := new.email; v_phone := new.phone;
  end if;
  -- An offer to somebody with an account goes to their way in, which no contact moves.
  update identity.token t set cancelled_at = app.now() where t.person_id = v_person and t.role = v_role
    and t.in_school = new.school_id and t.purpose = 'parent_invitation' and t.account_id is null
    and t.used_at is null and t.cancelled_at is null
    and t.address is distinct from case t.channel when 'email' then v_email else v_phone end;
  return null;
end
$function$;
