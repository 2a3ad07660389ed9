"""Tell whoever works here, at their account's address, of every change to how they come in.

A passkey or an account elsewhere that was added in a session which lay open let somebody in for good, past password and
app, and its owner never heard of it; parents did. Now a passkey, an account elsewhere, recovery codes, a password and
an app that are new are told, and what was taken away. A first app is not: whoever sets it has just joined.

Risk: a notice goes to the address of the account alone; who shares that address reads it too. `replace_recovery_codes`
and `set_password` may be called by the login of signing in with any account's id, as before, and tell it now.
Rejected: a trigger on the log of sign-in events, which does not know on which side a passkey was; a text, because only
some have a mobile here.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import INVITERS, SIGNIN, function, install, replace

revision = "0107"
down_revision = "0106"

TELL = function(
    "tell_at_work",
    "p_kind text, p_account uuid",
    "void",
    """
declare v_id uuid := gen_random_uuid(); v_account identity.account; v_place identity.membership;
begin
  -- A notice to the address of somebody's account, by the place where they work: no link in it opens anything.
  select a.* into v_account from identity.account a where a.id = p_account and a.disabled_at is null;
  select m.* into v_place from identity.membership m where m.account_id = v_account.id and m.ended_at is null
    and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1;
  if not found or coalesce(v_account.email, '') = '' then return; end if;
  if v_place.in_school is not null then
    perform identity.tell_address(p_kind, v_place.in_authority, v_place.in_school, 'email', v_account.email,
      v_account.name);
    return;
  end if;
  insert into identity.token (token_hash, purpose, in_authority, channel, address, name, outbox_id, expires_at, used_at)
    values (sha256(uuid_send(v_id)), 'notice', v_place.in_authority, 'email', v_account.email, v_account.name, v_id,
      app.now() + interval '7 days', app.now());
  insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
      attempt, next_at, not_after, problem, created_at)
    values (v_place.in_authority, v_id, p_kind, 'email', 'token', v_id, v_id::text, 'queued', 0, app.now(),
      app.now() + interval '7 days', '', app.now());
end""",
    (),
)
ADD = function(
    "add_passkey",
    "p_hash bytea, p_id uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint, p_name text",
    "boolean",
    """
declare v_account identity.account; v_at_work boolean; v_in_school uuid; v_in_authority uuid;
begin
  select m.role not in ('parent', 'facilitator'), m.in_authority, m.in_school, a.id
    into v_at_work, v_in_authority, v_in_school, v_account.id
    from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    where s.token_hash = p_hash;
  -- Held, so that two presses see each other's.
  select a.* into v_account from identity.account a where a.id = v_account.id for update;
  if v_account.id is null or (select count(*) from identity.passkey k where k.account_id = v_account.id) >= 20 then
    return false;
  end if;
  -- Whoever adds one has just shown who sits there. In the pages of who comes in by a link a first key may be made
  -- where a first PIN may be chosen.
  if not exists (select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (not v_at_work and not identity.has_own_key(v_account.id)
          and (identity.is_first_session(s.created_at, m.created_at, v_account.id)
            or (identity.shares_address(v_account.id)
              and not identity.may_be_another(v_account.id, s.created_at)))))) then
    return false;
  end if;
  insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name, at_work)
    values (p_id, v_account.id, p_credential_id, p_public_key, p_sign_count, p_name, v_at_work)
    on conflict (credential_id) do nothing;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'passkey_added');
  if v_at_work then
    perform identity.tell_at_work('work_passkey_added', v_account.id);
  else
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'email', v_account.email,
      v_account.name);
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'sms', v_account.phone,
      v_account.name);
  end if;
  return true;
end""",
    SIGNIN,
)
REMOVE = function(
    "remove_passkey",
    "p_hash bytea, p_id uuid, p_providers text[]",
    "text",
    """
declare v_account uuid; v_at_work boolean;
begin
  select s.account_id, m.role not in ('parent', 'facilitator') into v_account, v_at_work from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null where s.token_hash = p_hash;
  -- Each side has its own: who came in by a link takes nothing from work.
  if not exists (select from identity.passkey k where k.id = p_id and k.account_id = v_account
    and k.at_work = v_at_work) then
    return 'unknown';
  end if;
  if v_at_work then
    if not identity.way_in_may_go(v_account, p_id, p_providers) then return 'last'; end if;
  else
    -- Links go on coming; but where another person gets them too, something of their own has to stay.
    perform from identity.account a where a.id = v_account for update;
    if identity.shares_address(v_account)
      and not exists (select from identity.account a where a.id = v_account and a.pin_hash is not null)
      and not exists (select from identity.passkey k where k.account_id = v_account and k.id <> p_id) then
      return 'last';
    end if;
  end if;
  delete from identity.passkey k where k.id = p_id and k.account_id = v_account;
  -- The same press twice: the first took it.
  if not found then return 'unknown'; end if;
  -- Whoever came in by it elsewhere is out.
  delete from identity.browser_session s where s.account_id = v_account and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_removed');
  if v_at_work then perform identity.tell_at_work('work_passkey_removed', v_account); end if;
  return 'removed';
end""",
    SIGNIN,
)
CONNECT = function(
    "connect_federated",
    "p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text",
    "text",
    """
declare v_account uuid; v_holder uuid;
begin
  -- To the account of this browser's session and to no other.
  select s.account_id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role not in ('parent', 'facilitator');
  if v_account is null then return 'nobody'; end if;
  insert into identity.federated_identity (id, account_id, provider, issuer, subject)
    values (p_id, v_account, p_provider, p_issuer, p_subject)
    on conflict on constraint federated_identity_is_one_account do nothing;
  if found then
    insert into identity.sign_in_event (account_id, event) values (v_account, 'provider_connected');
    perform identity.tell_at_work('work_account_connected', v_account);
    return 'connected';
  end if;
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  return case when v_holder = v_account then 'connected' else 'taken' end;
end""",
    SIGNIN,
)
DISCONNECT = function(
    "disconnect_federated",
    "p_hash bytea, p_id uuid, p_providers text[]",
    "text",
    """
declare v_account uuid := (select s.account_id from identity.browser_session s where s.token_hash = p_hash);
begin
  if not exists (select from identity.federated_identity f where f.id = p_id and f.account_id = v_account) then
    return 'unknown';
  end if;
  if not identity.way_in_may_go(v_account, p_id, p_providers) then return 'last'; end if;
  delete from identity.federated_identity f where f.id = p_id and f.account_id = v_account;
  if not found then return 'unknown'; end if;
  delete from identity.browser_session s where s.account_id = v_account and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'provider_disconnected');
  perform identity.tell_at_work('work_account_disconnected', v_account);
  return 'disconnected';
end""",
    SIGNIN,
)
CODES = function(
    "replace_recovery_codes",
    "p_account_id uuid, p_codes bytea[]",
    "void",
    """
begin
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
  perform identity.tell_at_work('work_codes_renewed', p_account_id);
end""",
    SIGNIN,
)
PASSWORD = function(
    "set_password",
    "p_account_id uuid, p_password_hash text",
    "void",
    """
begin
  update identity.account a set password_hash = p_password_hash where a.id = p_account_id;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'password_set');
  perform identity.tell_at_work('work_password_changed', p_account_id);
end""",
    SIGNIN,
)
APP = function(
    "set_totp",
    "p_account_id uuid, p_secret text, p_step bigint, p_codes bytea[]",
    "boolean",
    """
begin
  -- Only an account that has none: replacing one takes a colleague's reset first.
  update identity.account a set totp_secret = p_secret, totp_last_step = p_step
    where a.id = p_account_id and a.totp_secret is null;
  if not found then return false; end if;
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
  -- The very first one is set by whoever has just joined. Later ones follow a reset, by whoever has the password.
  if exists (select from identity.sign_in_event e where e.account_id = p_account_id
    and e.event in ('second_factor_set', 'second_factor_reset')) then
    perform identity.tell_at_work('work_app_set', p_account_id);
  end if;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'second_factor_set');
  return true;
end""",
    SIGNIN,
)
RESET = function(
    "reset_second_factor",
    "p_person_id uuid",
    "boolean",
    """
declare v_account uuid;
begin
  -- A colleague of the same school, or the authority for its own people, lets somebody set up a new phone.
  select m.account_id into v_account from identity.membership m
    where m.person_id = p_person_id and m.ended_at is null and m.in_authority = app.authority_id()
      and m.person_id is distinct from app.person_id()
      and ((current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
        or current_setting('role') = 'wb_authority');
  if v_account is null then return false; end if;
  update identity.account a set totp_secret = null, totp_last_step = 0 where a.id = v_account;
  delete from identity.recovery_code c where c.account_id = v_account;
  -- A lost phone may hold one. What keeps their pages as a parent theirs is no colleague's to take away.
  delete from identity.passkey k where k.account_id = v_account and k.at_work;
  delete from identity.browser_session s where s.account_id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'second_factor_reset');
  perform identity.tell_at_work('work_app_reset', v_account);
  return true;
end""",
    INVITERS,
)
INVITED = function(
    "accept_staff_invitation",
    "p_hash bytea, p_password_hash text, p_account_id uuid, p_membership_id uuid, p_session_hash bytea",
    "table (outcome text, account_id uuid)",
    """
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
end""",
    SIGNIN,
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install((TELL,))
    replace((ADD, REMOVE, CONNECT, DISCONNECT, CODES, PASSWORD, APP, RESET, INVITED))
