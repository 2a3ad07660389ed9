"""Create what makes a graduate ready to lead: application, history, references, checks, training.

Risk: none, the tables are new.
Rejected: a copy of the certificate; only level, number, dates and who saw it are kept.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL, Access, protect

revision = "0005"
down_revision = "0004"

TABLES = """
create table facilitator_application (
  school_id uuid not null, facilitator_id uuid not null, parent_id uuid,
  answers jsonb not null, submitted_at timestamptz not null,
  primary key (school_id, facilitator_id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id));
create table facilitator_event (
  school_id uuid not null, id uuid not null, facilitator_id uuid not null,
  from_stage text, to_stage text not null, reason text not null default '', by_name text not null,
  at timestamptz not null,
  primary key (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id));
create table facilitator_reference (
  school_id uuid not null, id uuid not null, facilitator_id uuid not null,
  referee_name text not null, referee_contact text not null, relationship text not null default '',
  asked_at timestamptz, received_at timestamptz, satisfactory boolean, note text not null default '',
  primary key (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id));
create table facilitator_check (
  school_id uuid not null, facilitator_id uuid not null,
  level text not null check (level in ('none', 'basic', 'standard', 'enhanced', 'enhanced_barred')),
  role_described text not null, venue text not null, supervised boolean not null, frequency text not null,
  risk_assessment text not null, certificate_number text not null default '', issued_on date,
  seen_by text not null default '', seen_on date, decided_by text not null, decided_at timestamptz not null,
  primary key (school_id, facilitator_id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id));
create table facilitator_training (
  school_id uuid not null, id uuid not null, facilitator_id uuid not null,
  title text not null, on_date date not null, minutes integer not null check (minutes > 0),
  recorded_by text not null,
  primary key (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id));
"""
OWN = f"{SCHOOL} and facilitator_id = (select app.person_id())"
#: The parent's own row of `facilitator`: its policies let them see no other, and look at no table of this revision.
OWN_FACILITATOR = (
    "facilitator_id in (select f.id from facilitator f where f.parent_id = (select app.person_id()))"
)
OWN_APPLICATION = f"parent_id = (select app.person_id()) and {OWN_FACILITATOR}"


def upgrade() -> None:
    op.execute(TABLES)
    protected = {
        "facilitator_application": [
            Access("wb_school", "select, insert", SCHOOL),
            # An application that is sent again takes the place of the first.
            Access("wb_parent", "select, insert, update", f"{SCHOOL} and {OWN_APPLICATION}"),
            Access("wb_facilitator", "select", OWN),
        ],
        "facilitator_event": [
            Access("wb_school", "select, insert", SCHOOL),
            Access(
                "wb_parent",
                "insert",
                SCHOOL,
                f"{SCHOOL} and to_stage in ('applied', 'withdrawn') and {OWN_FACILITATOR}",
            ),
        ],
        "facilitator_reference": [Access("wb_school", "select, insert, update", SCHOOL)],
        "facilitator_check": [Access("wb_school", "select, insert, update", SCHOOL)],
        "facilitator_training": [
            Access("wb_school", "select, insert, delete", SCHOOL),
            Access("wb_facilitator", "select", OWN),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
