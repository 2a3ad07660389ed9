-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_totp_step(p_account_id uuid, p_step bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Each code works once: a step is only ever moved forward.
  update identity.account a set totp_last_step = p_step where a.id = p_account_id and a.totp_last_step < p_step;
  return found;
end
$function$;
