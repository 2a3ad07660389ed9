-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.list_federated(p_hash bytea)
 RETURNS TABLE(has_password boolean, federated_id uuid, provider text, created_at timestamp with time zone, last_used_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- At least one row, so that a page learns whether there is a password too.
  return query select a.password_hash is not null, f.id, f.provider, f.created_at, f.last_used_at
    from identity.browser_session s join identity.account a on a.id = s.account_id
    left join identity.federated_identity f on f.account_id = a.id
    where s.token_hash = p_hash order by f.created_at, f.id;
end
$function$;
