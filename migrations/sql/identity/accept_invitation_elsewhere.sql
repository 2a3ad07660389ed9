-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.accept_invitation_elsewhere(p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text, p_account_id uuid, p_membership_id uuid)
 RETURNS TABLE(outcome text, account_id uuid, membership_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token; v_holder uuid; v_mine identity.account;
begin
  select * into used from identity.token t where t.token_hash = p_hash and t.purpose = 'staff_invitation'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found then outcome := 'over'; return next; return; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  -- The account of this very person, if they have the role already; an address finds nobody.
  select a.* into v_mine from identity.account a where a.id = (app.accounts_of(used.person_id, used.role))[1]
    for update;
  if v_holder <> v_mine.id then outcome := 'taken'; return next; return; end if;
  account_id := coalesce(v_holder, v_mine.id);
  if exists (select from identity.account a where a.id = account_id and a.disabled_at is not null) then
    outcome := 'closed'; return next; return;
  end if;
  if v_holder is null and (v_mine.password_hash is not null or v_mine.totp_secret is not null
    or exists (select from identity.federated_identity f where f.account_id = v_mine.id)
    or exists (select from identity.passkey k where k.account_id = v_mine.id))
  then
    -- Whoever holds the link may not add a way in to an account that is guarded already: it is asked for from inside.
    outcome := 'guarded'; return next; return;
  end if;
  if account_id is null then
    if not identity.new_at_work(p_account_id, used.address, used.name, null) then
      outcome := 'full'; return next; return;
    end if;
    account_id := p_account_id;
  end if;
  if v_holder is null then
    insert into identity.federated_identity (id, account_id, provider, issuer, subject, last_used_at)
      values (p_id, accept_invitation_elsewhere.account_id, p_provider, p_issuer, p_subject, app.now())
      on conflict on constraint federated_identity_is_one_account do nothing;
    -- Somebody else connected it at this very moment.
    if not found then raise unique_violation using constraint = 'federated_identity_is_one_account'; end if;
    insert into identity.sign_in_event (account_id, event)
      values (accept_invitation_elsewhere.account_id, 'provider_connected');
  end if;
  update identity.token t set used_at = app.now() where t.token_hash = p_hash;
  if v_mine.id is null then
    insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
      values (p_membership_id, accept_invitation_elsewhere.account_id, used.role, used.in_authority,
        used.in_school, used.person_id);
  end if;
  select m.id into membership_id from identity.membership m
    where m.account_id = accept_invitation_elsewhere.account_id and m.role = used.role
      and m.person_id = used.person_id and m.ended_at is null;
  outcome := 'accepted';
  return next;
end
$function$;
