-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.accept_offer(p_hash bytea, p_offer_id uuid, p_membership_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token;
begin
  -- Only what was offered to the account that is signed in here.
  update identity.token t set used_at = app.now() where t.outbox_id = p_offer_id and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() and t.purpose = 'parent_invitation'
    and t.account_id = (select s.account_id from identity.browser_session s
      join identity.account a on a.id = s.account_id and a.disabled_at is null
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now())
    returning * into used;
  if not found then return null; end if;
  return identity.take_offer(used.token_hash, used.account_id, p_membership_id);
end
$function$;
