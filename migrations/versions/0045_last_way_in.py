"""Judge the last usable way in in one place, under a lock: password, passkeys, connected directories.

Two functions counted for themselves. Taking a passkey away counted a directory that this service does not offer any
more as a way in, so the last usable one could go; taking a directory away counted again in its own words.

Risk: none; whoever has one usable way in keeps it. `ways_in` counts as before where nobody asks which directories are
offered, which the database does not know.
Rejected: the list of directories in a table, which would be a second place for what the settings say.
"""

from __future__ import annotations

from migrations.functions import SIGNIN, drop, function, install, replace

revision = "0045"
down_revision = "0044"

USABLE = function(
    "usable_ways_in",
    "p_account uuid, p_but uuid, p_providers text[]",
    "bigint",
    """
begin
  -- The one place that counts how somebody at work can come in: without one that is to go, and only by directories
  -- that are offered, where that is said.
  return (select (a.password_hash is not null)::int
      + (select count(*) from identity.passkey k where k.account_id = a.id and k.id is distinct from p_but)
      + (select count(*) from identity.federated_identity f where f.account_id = a.id and f.id is distinct from p_but
          and (p_providers is null or f.provider = any (p_providers)))
    from identity.account a where a.id = p_account and a.disabled_at is null);
end""",
    (),
)
WAYS_IN = function(
    "ways_in",
    "p_account uuid",
    "bigint",
    """
begin
  return identity.usable_ways_in(p_account, null, null);
end""",
    (),
)
MAY_GO = function(
    "way_in_may_go",
    "p_account uuid, p_but uuid, p_providers text[]",
    "boolean",
    """
begin
  -- The account's row is held, so that two presses do not take both of the last two ways in.
  perform from identity.account a where a.id = p_account for update;
  return coalesce(identity.usable_ways_in(p_account, p_but, p_providers), 0) > 0;
end""",
    (),
)
REMOVE_PASSKEY = function(
    "remove_passkey",
    "p_hash bytea, p_id uuid, p_providers text[]",
    "text",
    """
declare v_account uuid := (select s.account_id from identity.browser_session s where s.token_hash = p_hash);
begin
  if not exists (select from identity.passkey k where k.id = p_id and k.account_id = v_account) then
    return 'unknown';
  end if;
  if not identity.way_in_may_go(v_account, p_id, p_providers) then return 'last'; end if;
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
  return 'disconnected';
end""",
    SIGNIN,
)


def upgrade() -> None:
    install((USABLE, MAY_GO))
    replace((WAYS_IN, DISCONNECT))
    drop(("remove_passkey(bytea, uuid)",))
    install((REMOVE_PASSKEY,))
