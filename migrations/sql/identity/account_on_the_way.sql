-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.account_on_the_way(p_account_id uuid)
 RETURNS TABLE(email text, has_second_factor boolean, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Between the password and the code: no secret, only whether there is one.
  return query select a.email, a.totp_secret is not null,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.account a where a.id = p_account_id and a.disabled_at is null;
end
$function$;
