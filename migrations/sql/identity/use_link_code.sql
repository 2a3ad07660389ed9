-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_link_code(p_browser_hash bytea, p_code_hash bytea)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token; v_membership uuid;
begin
  -- The link was opened elsewhere; its six digits were typed where it was asked for.
  update identity.token t set used_at = app.now() where t.browser_hash = p_browser_hash and t.code_hash = p_code_hash
    and t.purpose = 'sign_in' and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    returning * into used;
  if not found then return null; end if;
  select m.id into v_membership from identity.membership m where m.account_id = used.account_id
    and m.ended_at is null and m.role in ('parent', 'facilitator')
    order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
  return v_membership;
end
$function$;
