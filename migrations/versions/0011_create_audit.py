"""Create the audit trail: an event for every change, written once, never altered.

Risk: none, the tables are new.
Rejected: triggers that copy rows; they would copy personal data. An event has a fixed set of keys.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0011"
down_revision = "0010"


def _audit(table: str, owner: str, parent: str) -> str:
    return f"""
create table {table} (
  {owner} uuid not null references {parent}, id uuid not null,
  event text not null check (event ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'),
  subject_id uuid, actor_audience text not null, actor_role text not null, actor_id uuid,
  details jsonb not null, request_id text not null default '', at timestamptz not null,
  primary key ({owner}, id));
create index {table}_by_time on {table} ({owner}, at);
create index {table}_by_subject on {table} ({owner}, subject_id, at);
"""


def upgrade() -> None:
    op.execute(_audit("audit_event", "school_id", "school"))
    op.execute(_audit("authority_audit_event", "authority_id", "authority"))
    protected = {
        "audit_event": [
            Access("wb_school", "select, insert", SCHOOL),
            Access("wb_authority", "insert", SCHOOLS_OF_AUTHORITY),
            *(
                Access(role, "insert", SCHOOL)
                for role in ("wb_facilitator", "wb_parent", "wb_dispatch", "wb_documents", "wb_rollup")
            ),
        ],
        "authority_audit_event": [
            Access("wb_authority", "select, insert", AUTHORITY),
            *(
                Access(role, "insert", AUTHORITY)
                for role in ("wb_officer", "wb_commissioner", "wb_dispatch", "wb_documents", "wb_rollup")
            ),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
