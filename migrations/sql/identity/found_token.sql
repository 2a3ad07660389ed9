-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.found_token(p_hash bytea, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_address text, p_name text, p_outbox_id uuid, p_expires_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = app.now()
    where t.in_authority = p_authority and t.in_school is not distinct from p_school and t.role = p_role
      and t.address = p_address and t.purpose = 'staff_invitation' and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      outbox_id, expires_at)
    values (p_hash, 'staff_invitation', p_role, p_authority, p_school, p_person, 'email', p_address, p_name,
      p_outbox_id, p_expires_at);
end
$function$;
