-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.find_passkey(p_credential_id bytea)
 RETURNS TABLE(account_id uuid, public_key bytea, sign_count bigint, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- One that was made at work opens that first; one that was made by a link opens nothing there. Where there are
  -- several, the place that somebody joined last.
  return query select a.id, k.public_key, k.sign_count,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and (k.at_work or m.role in ('parent', 'facilitator'))
        order by m.role in ('parent', 'facilitator'), extract(epoch from m.created_at)
          * case when m.role in ('parent', 'facilitator') then -1 else 1 end, m.id limit 1)
    from identity.passkey k join identity.account a on a.id = k.account_id and a.disabled_at is null
    where k.credential_id = p_credential_id;
end
$function$;
