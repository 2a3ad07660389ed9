-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.find_words(p_channel text, p_address text)
 RETURNS TABLE(account_id uuid, words_hash text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select a.id, a.words_hash from identity.account a where a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
    and a.words_hash is not null
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role in ('parent', 'facilitator'))
    order by a.created_at, a.id limit 6;
end
$function$;
