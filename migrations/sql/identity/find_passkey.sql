-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.find_passkey(p_credential_id bytea)
 RETURNS TABLE(account_id uuid, public_key bytea, sign_count bigint, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select a.id, k.public_key, k.sign_count,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.passkey k join identity.account a on a.id = k.account_id and a.disabled_at is null
    where k.credential_id = p_credential_id;
end
$function$;
