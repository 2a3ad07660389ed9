"""Give signing in a database login of its own.

Whoever smuggles a statement into a page runs it as wb_web, which from here on may open, keep and end a browser's
session by its hash, and no more: it cannot make a session, confirm one, count tries away, or read a hash or a sealed
secret. What a browser's row holds is sealed by the application, so writing one makes nobody believed. A password's
hash and an app's secret are handed out one by one, to the step that needs them.

Risk: between this and the start of the new processes nobody can sign in; who is signed in goes on. Rows of sessions
that are open lose their small data (a half-filled journey), not the session. The cluster's roles come first
(README, "Run it for real").
Rejected: checking a proof inside start_session, which the same statement could make up first; a second application.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from migrations.functions import SIGNIN, drop, function, install, move, replace

revision = "0023"
down_revision = "0022"

#: What only app/accounts asks. The doors of links and of codes by message move with their own revision.
MOVED = (
    "accept_invitation_elsewhere(bytea, uuid, text, text, text, uuid, uuid)",
    "accept_staff_invitation(bytea, text, uuid, uuid)",
    "add_passkey(bytea, uuid, bytea, bytea, bigint, text)",
    "confirm_session(bytea, timestamptz)",
    "connect_federated(bytea, uuid, text, text, text)",
    "count_attempt(text, bytea, interval, integer)",
    "disconnect_federated(bytea, uuid, text[])",
    "end_other_session(bytea, uuid)",
    "find_membership(uuid)",
    "find_passkey(bytea)",
    "list_federated(bytea)",
    "list_memberships(bytea)",
    "list_passkeys(bytea)",
    "list_sessions(bytea)",
    "put_challenge(bytea, bytea, text, timestamptz)",
    "put_journey(bytea, uuid, jsonb, timestamptz, interval)",
    "remove_passkey(bytea, uuid)",
    "replace_recovery_codes(uuid, bytea[])",
    "request_password_reset(text, uuid, bytea, timestamptz)",
    "session_proof(bytea)",
    "set_password(uuid, text)",
    "set_totp(uuid, text, bigint, bytea[])",
    "start_session(bytea, bytea, uuid, uuid, jsonb, timestamptz, interval, text)",
    "take_challenge(bytea, text)",
    "take_journey(bytea, text, text)",
    "use_federated(text, text)",
    "use_passkey(bytea, bigint)",
    "use_password_reset(bytea, text, uuid, timestamptz)",
    "use_recovery_code(uuid, bytea)",
    "use_totp_step(uuid, bigint)",
)

NEW = (
    function(
        "find_password_account",
        "p_email text",
        "table (account_id uuid, password_hash text, has_second_factor boolean, membership_id uuid)",
        """
begin
  return query select a.id, a.password_hash, a.totp_secret is not null,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.account a where a.email = p_email and a.disabled_at is null and a.password_hash is not null;
end""",
        SIGNIN,
    ),
    function(
        "account_on_the_way",
        "p_account_id uuid",
        "table (email text, has_second_factor boolean, membership_id uuid)",
        """
begin
  -- Between the password and the code: no secret, only whether there is one.
  return query select a.email, a.totp_secret is not null,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.account a where a.id = p_account_id and a.disabled_at is null;
end""",
        SIGNIN,
    ),
    function(
        "app_secret",
        "p_account_id uuid",
        "text",
        """
begin
  -- Sealed, for the one step that checks a code.
  return (select a.totp_secret from identity.account a where a.id = p_account_id and a.disabled_at is null);
end""",
        SIGNIN,
    ),
)

REPLACED = (
    function(
        "save_session",
        "p_hash bytea, p_id uuid, p_data jsonb, p_expires_at timestamptz, p_idle interval, p_label text",
        "void",
        """
begin
  -- A row that is new is a visitor's, whoever asks for more.
  insert into identity.browser_session as s (token_hash, id, data, expires_at, idle, label)
    values (p_hash, p_id, p_data, least(p_expires_at, app.now() + interval '4 hours'),
      least(p_idle, interval '2 hours'), p_label)
    on conflict (token_hash) do update set data = p_data, last_seen_at = app.now();
end""",
        ("wb_web",),
    ),
    function(
        "start_session",
        "p_old_hash bytea, p_hash bytea, p_id uuid, p_membership_id uuid, p_data jsonb, p_expires_at timestamptz,"
        " p_idle interval, p_label text",
        "boolean",
        """
declare v_account uuid;
begin
  -- Signing in, or changing role, always gets a new secret; the one before it is worth nothing.
  delete from identity.browser_session s where s.token_hash = p_old_hash;
  select m.account_id into v_account from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
  if v_account is null then return false; end if;
  insert into identity.browser_session (token_hash, id, account_id, membership_id, data, expires_at, idle, label)
    values (p_hash, p_id, v_account, p_membership_id, p_data, least(p_expires_at, app.now() + interval '12 hours'),
      least(p_idle, interval '2 hours'), p_label);
  insert into identity.sign_in_event (account_id, event) values (v_account, 'session_started');
  return true;
end""",
        SIGNIN,
    ),
)


def upgrade() -> None:
    if not op.get_bind().execute(text("select 1 from pg_roles where rolname = 'wb_signin'")).scalar():
        raise RuntimeError(
            "The role wb_signin is missing. Run ensure_login_roles first, as README says under 'Run it for real'."
        )
    op.execute("grant usage on schema identity to wb_signin")
    drop(("find_password_account(text)", "account_secrets(uuid)"))
    install(NEW)
    replace(REPLACED)
    move(MOVED, giver="wb_web", taker="wb_signin")
