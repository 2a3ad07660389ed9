-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_link_code(p_browser_hash bytea, p_code_hash bytea)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_hash bytea;
begin
  -- The link was opened elsewhere; its six digits were typed where it was asked for.
  select t.token_hash into v_hash from identity.token t where t.browser_hash = p_browser_hash
    and t.code_hash = p_code_hash and t.purpose in ('sign_in', 'parent_invitation') and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() order by t.created_at desc limit 1;
  if not found then return null; end if;
  return identity.use_link(v_hash, p_browser_hash, gen_random_uuid(), gen_random_uuid(), null);
end
$function$;
