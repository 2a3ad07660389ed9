-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.own_keys(p_hash bytea)
 RETURNS TABLE(pin_hash text, words_hash text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select a.pin_hash, a.words_hash from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator');
end
$function$;
