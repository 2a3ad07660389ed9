-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.own_addresses(p_hash bytea)
 RETURNS TABLE(email text, phone text, email_proves boolean, phone_proves boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select a.email, a.phone,
      coalesce(identity.proves(a.email_since, a.created_at) and not identity.is_shared(a.id, 'email', a.email), false),
      coalesce(identity.proves(a.phone_since, a.created_at) and not identity.is_shared(a.id, 'sms', a.phone), false)
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null where s.token_hash = p_hash;
end
$function$;
