"""Keep passkeys: public keys by which people at work sign in without a password.

A challenge stands in the browser's own session row, in columns that no page's save writes over, and is taken by one
statement, so that it answers once.

Risk: none, nothing that is there changes; a colleague's reset of the second factor removes passkeys too.
Rejected: attestation (which maker's device it is decides nothing here); passkeys for parents, who have no password
that one would take the place of.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import INVITERS, WEB, function, install

revision = "0014"
down_revision = "0013"

TABLES = """
create table identity.passkey (
  id uuid primary key, account_id uuid not null references identity.account,
  credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
  public_key bytea not null check (length(public_key) between 1 and 4096),
  sign_count bigint not null check (sign_count >= 0), name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default now(), last_used_at timestamptz);
create index passkey_by_account on identity.passkey (account_id);
alter table identity.browser_session add column challenge bytea, add column challenge_for text
  check (challenge_for in ('add', 'sign_in', 'confirm')), add column challenge_until timestamptz;
"""

FUNCTIONS = (
    function(
        "put_challenge",
        "p_hash bytea, p_challenge bytea, p_for text, p_until timestamptz",
        "boolean",
        """
begin
  update identity.browser_session s set challenge = p_challenge, challenge_for = p_for, challenge_until = p_until
    where s.token_hash = p_hash;
  return found;
end""",
        WEB,
    ),
    function(
        "take_challenge",
        "p_hash bytea, p_for text",
        "bytea",
        """
declare v_session identity.browser_session;
begin
  -- Taken whatever comes of it: right, wrong, late or meant for something else, it answers once.
  select * into v_session from identity.browser_session s where s.token_hash = p_hash for update;
  if not found or v_session.challenge is null then return null; end if;
  update identity.browser_session s set challenge = null, challenge_for = null, challenge_until = null
    where s.token_hash = p_hash;
  if v_session.challenge_for <> p_for or v_session.challenge_until <= now() then return null; end if;
  return v_session.challenge;
end""",
        WEB,
    ),
    function(
        "list_passkeys",
        "p_hash bytea",
        "table (id uuid, credential_id bytea, name text, created_at timestamptz, last_used_at timestamptz)",
        """
begin
  return query select k.id, k.credential_id, k.name, k.created_at, k.last_used_at from identity.passkey k
    where k.account_id = (select s.account_id from identity.browser_session s where s.token_hash = p_hash)
    order by k.created_at, k.id;
end""",
        WEB,
    ),
    function(
        "add_passkey",
        "p_hash bytea, p_id uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint, p_name text",
        "boolean",
        """
declare v_account uuid;
begin
  -- Only for somebody who is signed in as one of the people at work.
  select s.account_id into v_account from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    where s.token_hash = p_hash and m.role not in ('parent', 'facilitator');
  if v_account is null or (select count(*) from identity.passkey k where k.account_id = v_account) >= 20 then
    return false;
  end if;
  insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)
    values (p_id, v_account, p_credential_id, p_public_key, p_sign_count, p_name)
    on conflict (credential_id) do nothing;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_added');
  return true;
end""",
        WEB,
    ),
    function(
        "find_passkey",
        "p_credential_id bytea",
        "table (account_id uuid, public_key bytea, sign_count bigint, membership_id uuid)",
        """
begin
  return query select a.id, k.public_key, k.sign_count,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.passkey k join identity.account a on a.id = k.account_id and a.disabled_at is null
    where k.credential_id = p_credential_id;
end""",
        WEB,
    ),
    function(
        "use_passkey",
        "p_credential_id bytea, p_sign_count bigint",
        "boolean",
        """
declare v_account uuid;
begin
  -- A counter only goes up; where it does not, a copy may be about. Some keys count nothing: always 0.
  update identity.passkey k set sign_count = p_sign_count, last_used_at = now()
    where k.credential_id = p_credential_id and (k.sign_count < p_sign_count or (k.sign_count = 0 and p_sign_count = 0))
    returning k.account_id into v_account;
  if found then
    insert into identity.sign_in_event (account_id, event) values (v_account, 'passkey_used');
    return true;
  end if;
  insert into identity.sign_in_event (account_id, event)
    select k.account_id, 'passkey_counter_went_back' from identity.passkey k where k.credential_id = p_credential_id;
  return false;
end""",
        WEB,
    ),
    function(
        "remove_passkey",
        "p_hash bytea, p_id uuid",
        "text",
        """
declare v_account identity.account;
begin
  -- The account's row is held, so that two presses do not take both of the last two ways in.
  select a.* into v_account from identity.account a where a.id =
    (select s.account_id from identity.browser_session s where s.token_hash = p_hash) for update;
  if not exists (select from identity.passkey k where k.id = p_id and k.account_id = v_account.id) then
    return 'unknown';
  end if;
  if v_account.password_hash is null
    and not exists (select from identity.passkey k where k.account_id = v_account.id and k.id <> p_id)
    and not exists (select from identity.federated_identity f where f.account_id = v_account.id)
  then return 'last'; end if;
  delete from identity.passkey k where k.id = p_id and k.account_id = v_account.id;
  -- Whoever came in by it elsewhere is out.
  delete from identity.browser_session s where s.account_id = v_account.id and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'passkey_removed');
  return 'removed';
end""",
        WEB,
    ),
    function(
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
  -- A lost phone may hold one.
  delete from identity.passkey k where k.account_id = v_account;
  delete from identity.browser_session s where s.account_id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'second_factor_reset');
  return true;
end""",
        INVITERS,
    ),
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("grant select, insert, update, delete on identity.passkey to wb_identity")
    op.execute("drop function identity.reset_second_factor(uuid)")
    install(FUNCTIONS)
