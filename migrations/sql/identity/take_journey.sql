-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.take_journey(p_hash bytea, p_provider text, p_state text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_found jsonb;
begin
  -- Once: of two that ask at the same moment one gets it. A wrong state takes nothing from the browser that began.
  select s.journey into v_found from identity.browser_session s where s.token_hash = p_hash
    and s.journey ->> 'provider' = p_provider and s.journey ->> 'state' = p_state for update;
  update identity.browser_session s set journey = null where s.token_hash = p_hash and v_found is not null;
  return v_found;
end
$function$;
