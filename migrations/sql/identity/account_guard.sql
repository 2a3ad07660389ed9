-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.account_guard(p_hash bytea)
 RETURNS TABLE(is_shared boolean, has_key boolean, has_pin boolean, has_words boolean, may_choose boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select identity.shares_address(a.id), identity.has_own_key(a.id), a.pin_hash is not null,
      a.words_hash is not null, not identity.may_be_another(a.id, s.created_at)
        or identity.is_first_session(s.created_at, m.created_at, a.id)
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator');
end
$function$;
