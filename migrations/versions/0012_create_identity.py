"""Create accounts, memberships, tokens and browser sessions: what must be known before a scope can be.

Nothing here has a school's key: it is reached only through narrow functions, each owned by wb_identity, who
cannot log in. Functions for the web login run before a scope; functions for audiences check that scope.

Risk: none, the tables are new.
Rejected: letting the web login read these tables; one careless query would list every account.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen import identity_invitations, identity_sessions
from migrations.functions import install

revision = "0012"
down_revision = "0011"

TABLES = """
create table identity.account (
  id uuid primary key, email text unique, phone text unique, name text not null,
  password_hash text, totp_secret text, totp_last_step bigint not null default 0,
  created_at timestamptz not null default now(), disabled_at timestamptz,
  constraint account_reachable check (email is not null or phone is not null));
create table identity.membership (
  id uuid primary key, account_id uuid not null references identity.account,
  role text not null check (role in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'senco',
    'attendance_lead', 'school_dsl', 'facilitator', 'parent')),
  in_authority uuid not null, in_school uuid, person_id uuid not null,
  created_at timestamptz not null default now(), ended_at timestamptz,
  constraint membership_has_its_place check
    ((role in ('authority_admin', 'named_officer', 'commissioner')) = (in_school is null)));
create unique index membership_once on identity.membership (account_id, role, person_id) where ended_at is null;
create index membership_by_person on identity.membership (person_id);
create table identity.browser_session (
  token_hash bytea primary key, id uuid not null unique, account_id uuid references identity.account,
  membership_id uuid references identity.membership, data jsonb not null default '{}',
  created_at timestamptz not null default now(), last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null, idle interval not null, label text not null default '');
create index browser_session_by_account on identity.browser_session (account_id);
create table identity.token (
  token_hash bytea primary key, purpose text not null
    check (purpose in ('staff_invitation', 'parent_invitation', 'sign_in')),
  account_id uuid references identity.account, role text, in_authority uuid not null, in_school uuid, person_id uuid,
  channel text not null check (channel in ('email', 'sms')), address text not null, name text not null default '',
  outbox_id uuid not null, browser_hash bytea, code_hash bytea, invited_by text not null default '',
  created_at timestamptz not null default now(), expires_at timestamptz not null,
  used_at timestamptz, cancelled_at timestamptz);
create unique index token_by_outbox on identity.token (outbox_id);
create index token_by_person on identity.token (person_id);
create index token_by_browser on identity.token (browser_hash) where browser_hash is not null;
create table identity.recovery_code (
  account_id uuid not null references identity.account, code_hash bytea not null, used_at timestamptz,
  primary key (account_id, code_hash));
create table identity.attempt (
  kind text not null, key_hash bytea not null, at timestamptz not null default now());
create index attempt_by_key on identity.attempt (kind, key_hash, at);
create table identity.sign_in_event (
  id bigint generated always as identity primary key, account_id uuid, event text not null,
  at timestamptz not null default now(), request_id text not null default '');
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in (
        "account",
        "membership",
        "browser_session",
        "token",
        "recovery_code",
        "attempt",
        "sign_in_event",
    ):
        op.execute(f"grant select, insert, update, delete on identity.{table} to wb_identity")
    install((*identity_sessions.FUNCTIONS, *identity_invitations.FUNCTIONS))
