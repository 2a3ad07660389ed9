-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_federated(p_issuer text, p_subject text)
 RETURNS TABLE(account_id uuid, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- No row: nobody here has connected this. A row without a membership: nothing is open to them now.
  update identity.federated_identity f set last_used_at = app.now() where f.issuer = p_issuer and f.subject = p_subject
    returning f.account_id into account_id;
  if not found then return; end if;
  select m.id into membership_id from identity.membership m join identity.account a on a.id = m.account_id
    where m.account_id = use_federated.account_id and a.disabled_at is null and m.ended_at is null
      and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1;
  if found then
    insert into identity.sign_in_event (account_id, event) values (account_id, 'signed_in_elsewhere');
  end if;
  return next;
end
$function$;
