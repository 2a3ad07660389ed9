"""Create summaries without names, releases, and the schema that commissioners read.

Risk: none, the tables are new.
Rejected: a view over answers for commissioners; nobody outside the roll-up may compute on them.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0010"
down_revision = "0009"

TABLES = """
create table rollup_due (
  school_id uuid not null references school, cohort_id uuid not null, due_at timestamptz not null,
  primary key (school_id, cohort_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id));
create table cohort_summary (
  school_id uuid not null references school, cohort_id uuid not null, authority_id uuid not null references authority,
  window_key text, closed_on date, counts jsonb not null, domains jsonb not null, computed_at timestamptz not null,
  primary key (school_id, cohort_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id));
create table school_activity (
  school_id uuid primary key references school, parents jsonb not null, facilitators jsonb not null,
  cohorts jsonb not null, computed_at timestamptz not null);
create table activity_due (
  school_id uuid primary key references school, due_at timestamptz not null);
create table release (
  authority_id uuid not null references authority, id uuid not null, window_key text not null, title text not null,
  state text not null check (state in ('draft', 'publishing', 'published', 'blocked', 'withdrawn')),
  payload jsonb not null, sha256 text not null, problems jsonb not null default '[]',
  notes jsonb not null default '{}',
  built_at timestamptz not null, built_by text not null,
  approved_by text not null default '', published_at timestamptz,
  primary key (authority_id, id));
create unique index release_window_published_once on release (authority_id, window_key)
  where state in ('publishing', 'published');
create table release_cohort (
  authority_id uuid not null, release_id uuid not null, school_id uuid not null, cohort_id uuid not null,
  primary key (authority_id, release_id, school_id, cohort_id),
  foreign key (authority_id, release_id) references release (authority_id, id));
create table release_population (
  authority_id uuid not null, release_id uuid not null, population jsonb not null,
  primary key (authority_id, release_id),
  foreign key (authority_id, release_id) references release (authority_id, id));
create table release_request (
  authority_id uuid not null references authority, window_key text not null, asked_by text not null,
  asked_at timestamptz not null,
  primary key (authority_id, window_key));
create table published.release (
  authority_id uuid not null, id uuid not null, window_key text not null, title text not null,
  payload jsonb not null, sha256 text not null, published_at timestamptz not null, withdrawn_at timestamptz,
  primary key (authority_id, id));
"""


def upgrade() -> None:
    op.execute(TABLES)
    protected = {
        "rollup_due": [
            Access("wb_facilitator", "select, insert, update", SCHOOL),
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_parent", "select, insert, update", SCHOOL),
            Access("wb_rollup", "select, update, delete", EVERY_ROW),
        ],
        "cohort_summary": [
            Access("wb_rollup", "select, insert, update, delete", f"({SCHOOL}) or ({AUTHORITY})", SCHOOL),
        ],
        "school_activity": [
            Access("wb_authority", "select", SCHOOLS_OF_AUTHORITY),
            Access("wb_rollup", "select, insert, update", SCHOOL),
        ],
        "activity_due": [
            *(
                Access(role, "select, insert, update", SCHOOL)
                for role in ("wb_school", "wb_facilitator", "wb_parent")
            ),
            Access("wb_rollup", "select, update, delete", EVERY_ROW),
        ],
        "release": [
            Access(
                "wb_authority",
                "select, update",
                AUTHORITY,
                f"{AUTHORITY} and state in ('draft', 'publishing', 'withdrawn')",
            ),
            Access("wb_rollup", "select, insert, update", EVERY_ROW),
        ],
        # The ledger of who is counted in which release: numbers of single groups, so the roll-up alone.
        "release_population": [Access("wb_rollup", "select, insert, update", EVERY_ROW)],
        "release_request": [
            Access("wb_authority", "select, insert, update", AUTHORITY),
            Access("wb_rollup", "select, update, delete", EVERY_ROW),
        ],
        "release_cohort": [Access("wb_rollup", "select, insert, delete", EVERY_ROW)],
        "published.release": [
            Access("wb_commissioner", "select", AUTHORITY),
            Access("wb_authority", "select", AUTHORITY),
            Access("wb_rollup", "select, insert, update", EVERY_ROW),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
