-- Owned by wb_identity; called by wb_dispatch.
CREATE OR REPLACE FUNCTION identity.token_address(p_outbox_id uuid)
 RETURNS TABLE(channel text, address text, name text, purpose text, expires_at timestamp with time zone, is_open boolean, salt bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- A notice to an account tells that its address is shared and has no key before it: open while that is so.
  return query select t.channel, t.address, t.name, t.purpose, t.expires_at,
      t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
        and (t.purpose <> 'notice' or t.account_id is null
          or (identity.shares_address(t.account_id) and not identity.has_own_key(t.account_id))), t.salt
    from identity.token t where t.outbox_id = p_outbox_id;
end
$function$;
