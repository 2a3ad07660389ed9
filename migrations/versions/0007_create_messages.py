"""Create the outboxes: what is to be sent, as ids only, and the schedule's memory of what it has done.

Risk: none, the tables are new.
Rejected: words or addresses in the row; both are looked up at the moment of sending, with consent.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, Access, protect

revision = "0007"
down_revision = "0006"


def _outbox(table: str, owner: str, parent: str) -> str:
    return f"""
create table {table} (
  {owner} uuid not null references {parent}, id uuid not null,
  kind text not null, channel text not null check (channel in ('email', 'sms')),
  recipient_kind text not null check (recipient_kind in ('parent', 'facilitator', 'staff', 'member', 'token')),
  recipient_id uuid not null, subject_id uuid, dedupe_key text not null,
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'sent', 'delivered', 'failed', 'held_back')),
  attempt integer not null default 0, lease_until timestamptz, next_at timestamptz not null,
  provider_id text, problem text not null default '', not_after timestamptz,
  created_at timestamptz not null, sent_at timestamptz,
  primary key ({owner}, id),
  constraint {table}_dedupe unique ({owner}, kind, dedupe_key, channel));
create index {table}_due on {table} (next_at) where state in ('queued', 'sending');
create index {table}_sent on {table} (next_at) where state = 'sent';
create index {table}_by_state on {table} ({owner}, state, created_at);
"""


def upgrade() -> None:
    op.execute(_outbox("outbox", "school_id", "school"))
    op.execute(_outbox("authority_outbox", "authority_id", "authority"))
    op.execute(
        """
create table schedule_run (
  school_id uuid not null references school, job text not null, period text not null,
  ran_at timestamptz not null, primary key (school_id, job, period))"""
    )
    queued = "state = 'queued'"
    protected = {
        "outbox": [
            Access("wb_school", "select, insert, update", SCHOOL, f"{SCHOOL} and {queued}"),
            Access("wb_facilitator", "insert", SCHOOL, f"{SCHOOL} and {queued}"),
            Access("wb_parent", "insert", SCHOOL, f"{SCHOOL} and {queued}"),
            Access(
                "wb_authority",
                "insert",
                "school_id = any ((select app.authority_school_ids())::uuid[])",
                f"school_id = any ((select app.authority_school_ids())::uuid[]) and {queued}",
            ),
            Access("wb_documents", "select, insert", SCHOOL, f"{SCHOOL} and {queued}"),
            Access("wb_identity", "insert", "true", queued),
            Access("wb_dispatch", "select, update", EVERY_ROW),
        ],
        "authority_outbox": [
            Access("wb_authority", "select, insert, update", AUTHORITY, f"{AUTHORITY} and {queued}"),
            Access("wb_identity", "insert", "true", queued),
            Access("wb_dispatch", "select, update", EVERY_ROW),
        ],
        "schedule_run": [Access("wb_documents", "select, insert", SCHOOL)],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
