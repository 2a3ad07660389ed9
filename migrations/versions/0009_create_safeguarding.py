"""Create concerns: anybody may raise one, only the safeguarding lead reads it; those about staff go round the school.

Risk: none, the tables are new.
Rejected: a flag on one table; a school must have no right at all to a concern about itself.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, SCHOOL, Access, protect

revision = "0009"
down_revision = "0008"

COLUMNS = """
  about text not null, about_name text not null default '', what text not null, happened_when text not null,
  happened_where text not null default '', who_else text not null default '', done_so_far text not null default '',
  risk_today text not null check (risk_today in ('yes', 'no', 'not_sure')),
  reach_me text not null default '', raised_by_kind text not null, raised_by_id uuid, raised_by_name text not null,
  raised_at timestamptz not null, read_at timestamptz, read_by text not null default '',
  closed_at timestamptz, reference text not null
"""

TABLES = f"""
create table concern (
  school_id uuid not null references school, id uuid not null, {COLUMNS},
  primary key (school_id, id),
  constraint concern_goes_to_dsl check (about in ('child', 'not_sure')));
create table concern_action (
  school_id uuid not null, id uuid not null, concern_id uuid not null,
  action text not null, decision text not null default '', reason text not null default '', by_name text not null,
  at timestamptz not null,
  primary key (school_id, id),
  foreign key (school_id, concern_id) references concern (school_id, id));
create table concern_receipt (
  school_id uuid not null references school, id uuid not null, raised_by_id uuid not null,
  reference text not null, raised_at timestamptz not null,
  goes_to text not null default 'dsl' check (goes_to in ('dsl', 'officer')),
  primary key (school_id, id));
create table authority_concern (
  authority_id uuid not null references authority, id uuid not null, about_school_id uuid not null, {COLUMNS},
  primary key (authority_id, id),
  constraint authority_concern_goes_to_officer check (about in ('staff', 'school', 'facilitator')));
create table authority_concern_action (
  authority_id uuid not null, id uuid not null, concern_id uuid not null,
  action text not null, decision text not null default '', reason text not null default '', by_name text not null,
  at timestamptz not null,
  primary key (authority_id, id),
  foreign key (authority_id, concern_id) references authority_concern (authority_id, id));
"""


def upgrade() -> None:
    op.execute(TABLES)
    raisers = ("wb_school", "wb_facilitator", "wb_parent")
    own = "raised_by_id = (select app.person_id())"
    protected = {
        "concern": [
            *(Access(role, "insert", SCHOOL, f"{SCHOOL} and {own} and read_at is null") for role in raisers),
            Access("wb_dsl", "select, update", SCHOOL),
        ],
        "concern_action": [Access("wb_dsl", "select, insert", SCHOOL)],
        "concern_receipt": [Access(role, "select, insert", f"{SCHOOL} and {own}") for role in raisers],
        "authority_concern": [
            *(
                Access(
                    role,
                    "insert",
                    AUTHORITY,
                    f"{AUTHORITY} and about_school_id = (select app.school_id()) and {own} and read_at is null",
                )
                for role in raisers
            ),
            Access("wb_officer", "select, update", AUTHORITY),
        ],
        "authority_concern_action": [Access("wb_officer", "select, insert", AUTHORITY)],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
    # Whoever raises a concern about a school may tell the authority's officer that one waits: this row and no other.
    for role in raisers:
        op.execute(f"grant insert on authority_outbox to {role}")
        op.execute(
            f"create policy authority_outbox_{role.removeprefix('wb_')}_insert on authority_outbox for insert to {role}"
            f" with check ({AUTHORITY} and kind = 'concern_received_for_officer' and recipient_kind = 'member'"
            " and recipient_id = authority_id and subject_id is null and state = 'queued')"
        )
