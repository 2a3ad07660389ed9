-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.accept_staff_invitation(p_hash bytea, p_password_hash text, p_account_id uuid, p_membership_id uuid, p_session_hash bytea)
 RETURNS TABLE(outcome text, account_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token; v_mine uuid; v_joining uuid;
begin
  select * into used from identity.token t where t.token_hash = p_hash and t.purpose = 'staff_invitation'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found then outcome := 'over'; return next; return; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  v_mine := (app.accounts_of(used.person_id, used.role))[1];
  if p_session_hash is not null then
    -- The account that is signed in here at work, and no other.
    select s.account_id into v_joining from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
        and m.role not in ('parent', 'facilitator')
      join identity.account a on a.id = s.account_id and a.disabled_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_joining is null or v_mine <> v_joining then outcome := 'other'; return next; return; end if;
    account_id := v_joining;
    outcome := 'joined';
  elsif p_password_hash is null then
    outcome := 'other'; return next; return;
  elsif v_mine is not null then
    -- Invited once more to what they have: a forgotten password, vouched for by a colleague. The app stays.
    update identity.account a set password_hash = p_password_hash
      where a.id = v_mine and a.email = used.address and a.disabled_at is null;
    if not found then outcome := 'over'; return next; return; end if;
    delete from identity.browser_session s where s.account_id = v_mine;
    insert into identity.sign_in_event (account_id, event) values (v_mine, 'password_reset');
    perform identity.tell_at_work('password_was_reset', v_mine);
    account_id := v_mine;
    outcome := 'again';
  elsif identity.new_at_work(p_account_id, used.address, used.name, p_password_hash) then
    -- An account of its own, whoever else has this address: it never looks for one.
    account_id := p_account_id;
    outcome := 'new';
  else
    outcome := 'full'; return next; return;
  end if;
  update identity.token t set used_at = app.now() where t.token_hash = p_hash;
  if v_mine is null then
    insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
      values (p_membership_id, accept_staff_invitation.account_id, used.role, used.in_authority, used.in_school,
        used.person_id);
    insert into identity.sign_in_event (account_id, event)
      values (accept_staff_invitation.account_id, 'invitation_accepted');
  end if;
  return next;
end
$function$;
