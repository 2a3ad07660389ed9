-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.find_password_account(p_email text)
 RETURNS TABLE(account_id uuid, password_hash text, has_second_factor boolean, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Everybody at work who shares this address, each with a password of their own.
  return query select a.id, a.password_hash, a.totp_secret is not null,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.at_work_by(p_email) a where a.password_hash is not null limit 4;
end
$function$;
