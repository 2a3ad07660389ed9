-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.others_passwords(p_hash bytea)
 RETURNS TABLE(password_hash text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Of those who share the address of this invitation, or of this link for a new password, and are somebody else.
  return query select f.password_hash from identity.token t
    cross join lateral identity.find_password_account(t.address) f
    where t.token_hash = p_hash and t.purpose in ('staff_invitation', 'password_reset')
      and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
      and f.account_id is distinct from
        coalesce(t.account_id, (app.accounts_of(t.person_id, t.role))[1]);
end
$function$;
