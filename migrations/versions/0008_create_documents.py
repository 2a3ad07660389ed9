"""Create documents: what is made or uploaded, where it stands, and a key that cannot name another tenant.

Risk: none, the tables are new.
Rejected: bytes in the database; object storage keeps versions and locks.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, LED_COHORT, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0008"
down_revision = "0007"

PARENTS_MAY_HAVE = ("learning_notes", "certificate", "group_plan")
SCHOOL_KINDS = (
    "project_brief",
    "agreement",
    "signed_agreement",
    "session_register",
    "contact_sheet",
    "group_plan",
    "invitation_letter",
)


def _document(table: str, owner: str, prefix: str, parent: str) -> str:
    return f"""
create table {table} (
  {owner} uuid not null references {parent}, id uuid not null,
  kind text not null, subject_id uuid, cohort_id uuid, parent_id uuid, file_name text not null,
  state text not null check (state in ('queued', 'making', 'quarantined', 'checking', 'ready', 'refused')),
  object_key text, version_id text, content_type text not null default 'application/pdf',
  sha256 text, size integer, problem text not null default '',
  attempt integer not null default 0, lease_until timestamptz, next_at timestamptz not null,
  created_at timestamptz not null, ready_at timestamptz, created_by text not null default '',
  primary key ({owner}, id),
  constraint {table}_key_is_ours check (object_key is null
    or object_key ~ ('^(q/)?{prefix}/' || {owner}::text || '/d/' || id::text || '/v[1-9][0-9]{{0,3}}$')),
  constraint {table}_ready_is_stored check (state <> 'ready'
    or (object_key like '{prefix}/%' and sha256 is not null and size is not null)));
create index {table}_due on {table} (next_at) where state in ('queued', 'making', 'quarantined', 'checking');
create index {table}_by_subject on {table} ({owner}, kind, subject_id, created_at);
"""


def _kinds(kinds: tuple[str, ...]) -> str:
    return "kind in (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def upgrade() -> None:
    op.execute(_document("document", "school_id", "t", "school"))
    op.execute(_document("authority_document", "authority_id", "a", "authority"))
    op.execute(
        "alter table document add foreign key (school_id, cohort_id) references cohort (school_id, id)"
    )
    op.execute(
        "alter table document add foreign key (school_id, parent_id) references parent (school_id, id)"
    )
    onboarding = _kinds(("project_brief", "agreement", "signed_agreement"))
    protected = {
        "document": [
            Access("wb_school", "select, insert", f"{SCHOOL} and {_kinds(SCHOOL_KINDS)}"),
            Access("wb_authority", "select, insert", f"{SCHOOLS_OF_AUTHORITY} and {onboarding}"),
            Access(
                "wb_facilitator",
                "select, insert",
                f"{LED_COHORT} and {_kinds(('learning_notes', 'session_register', 'contact_sheet'))}",
            ),
            Access(
                "wb_parent",
                "select",
                f"{SCHOOL} and {_kinds(PARENTS_MAY_HAVE)} and (parent_id = (select app.person_id())"
                " or (parent_id is null and cohort_id = any ((select app.joined_cohort_ids())::uuid[])))",
            ),
            Access("wb_documents", "select, insert, update", EVERY_ROW),
        ],
        "authority_document": [
            Access("wb_authority", "select, insert", AUTHORITY),
            Access("wb_documents", "select, update", EVERY_ROW),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
