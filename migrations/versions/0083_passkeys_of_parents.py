"""Keep passkeys of parents and facilitators: one tells two people at one address apart, and opens their pages alone.

A passkey says on which side it was made. Made at work it opens what it opened. Made in the pages of somebody who comes
in by a link it opens pages of that kind and nothing at work, whatever else the account has: a mailbox that stands open
was enough to make it. Each side lists and removes its own. Whoever shares an address and has no PIN keeps the last
one: without it nobody could tell who sits there. The addresses of the account are told of a new one.

Risk: a column with a constant default, which writes no row; a work account's ways in are counted without passkeys that
open nothing at work. `list_passkeys` gets one more column, and code that reads the columns that it knows goes on.
Rejected: one kind of passkey, by which six digits at an open mailbox would become a way in at work; asking the PIN as
well, since the device has asked for a finger, a face or a PIN already.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0083"
down_revision = "0082"

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
  -- Whoever comes in by a link has just shown who sits there; a first key may be made where a first PIN may be chosen.
  if not v_at_work and not exists (select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (not identity.has_own_key(v_account.id)
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
  if not v_at_work then
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'email', v_account.email,
      v_account.name);
    perform identity.tell_address('passkey_added', v_in_authority, v_in_school, 'sms', v_account.phone,
      v_account.name);
  end if;
  return true;
end""",
    SIGNIN,
)
FIND = function(
    "find_passkey",
    "p_credential_id bytea",
    "table (account_id uuid, public_key bytea, sign_count bigint, membership_id uuid)",
    """
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
end""",
    SIGNIN,
)
LIST = function(
    "list_passkeys",
    "p_hash bytea",
    "table (id uuid, credential_id bytea, name text, created_at timestamptz, last_used_at timestamptz,"
    " at_work boolean)",
    """
begin
  return query select k.id, k.credential_id, k.name, k.created_at, k.last_used_at, k.at_work from identity.passkey k
    where k.account_id = (select s.account_id from identity.browser_session s where s.token_hash = p_hash)
    order by k.created_at, k.id;
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
  return 'removed';
end""",
    SIGNIN,
)
USABLE = function(
    "usable_ways_in",
    "p_account uuid, p_but uuid, p_providers text[]",
    "bigint",
    """
begin
  -- The one place that counts how somebody at work can come in: without one that is to go, only by passkeys that were
  -- made at work, and only by directories that are offered, where that is said.
  return (select (a.password_hash is not null)::int
      + (select count(*) from identity.passkey k where k.account_id = a.id and k.at_work
          and k.id is distinct from p_but)
      + (select count(*) from identity.federated_identity f where f.account_id = a.id and f.id is distinct from p_but
          and (p_providers is null or f.provider = any (p_providers)))
    from identity.account a where a.id = p_account and a.disabled_at is null);
end""",
    (),
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
  return true;
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("alter table identity.passkey add column at_work boolean not null default true")
    replace((ADD, FIND, REMOVE, USABLE, RESET))
    op.execute("set local role wb_identity")
    op.execute("drop function identity.list_passkeys(bytea)")
    op.execute("reset role")
    install((LIST,))
