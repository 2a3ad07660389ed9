"""Create the national register, authorities, schools (the tenants) and the people who work in them.

Risk: none, the tables are new.
Rejected: an onboarding table beside the school; the tenant is made with the prospect, so its stage is its own.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0002"
down_revision = "0001"

REGISTER = """
create table register_school (
  urn integer primary key check (urn between 100000 and 999999),
  name text not null, la_code text, la_name text, phase text, establishment_type text, status text not null,
  street text, locality text, town text, postcode text, postcode_norm text, phone text, website text,
  trust_code text, trust_name text, federation_code text, federation_name text,
  low_age smallint, high_age smallint, pupils integer,
  opened_on date, closed_on date, is_open boolean not null,
  search_name text not null,
  row_digest bytea not null,
  imported_at timestamptz not null default now());
create index register_school_la on register_school (la_code, is_open desc, search_name, urn);
create index register_school_la_postcode on register_school (la_code, postcode_norm text_pattern_ops);
create table register_import (
  id uuid primary key, started_at timestamptz not null, finished_at timestamptz,
  file_name text not null, added integer not null default 0, changed integer not null default 0,
  closed integer not null default 0, unchanged integer not null default 0, rejected integer not null default 0,
  report jsonb not null default '[]');
grant select on register_school to wb_authority;
"""

AUTHORITIES = """
create table authority (
  authority_id uuid primary key,
  name text not null, short_name text not null, slug text not null,
  la_code text not null check (la_code ~ '^[0-9]{3}$'),
  contact_name text not null default '', contact_email text not null default '',
  contact_phone text not null default '',
  officer_name text not null default '', officer_phone text not null default '',
  officer_email text not null default '',
  dpo_contact text not null default '', privacy_url text not null default '',
  brand_colour text not null default '#17504a' check (brand_colour ~ '^#[0-9a-f]{6}$'),
  support_lines jsonb not null default '[]',
  created_at timestamptz not null);
create table authority_member (
  authority_id uuid not null references authority, id uuid not null,
  name text not null, email text not null, role text not null
    check (role in ('authority_admin', 'named_officer', 'commissioner')),
  job_title text not null default '',
  invited_at timestamptz, accepted_at timestamptz, ended_at timestamptz,
  primary key (authority_id, id));
create table authority_term (
  authority_id uuid not null references authority, id uuid not null,
  name text not null, starts_on date not null, half_term_starts_on date, half_term_ends_on date,
  ends_on date not null,
  primary key (authority_id, id),
  constraint authority_term_in_order check (starts_on < ends_on
    and (half_term_starts_on is null or half_term_ends_on >= half_term_starts_on)),
  constraint authority_term_once unique (authority_id, starts_on));
"""

SCHOOLS = """
create table school (
  school_id uuid primary key,
  authority_id uuid not null references authority,
  urn integer not null references register_school,
  name text not null, short_name text not null check (length(short_name) <= 28),
  phase text, controller_code text not null, controller_name text not null,
  stage text not null default 'prospect' check (stage in ('prospect', 'invited', 'brief_sent',
    'agreement_signed', 'set_up', 'active', 'paused', 'left')),
  stage_changed_at timestamptz not null, waiting_since timestamptz not null,
  address text not null default '', phone text not null default '',
  contact_name text not null default '', contact_role text not null default '',
  contact_phone text not null default '', contact_email text not null default '',
  dsl_name text not null default '', dsl_phone text not null default '', dsl_deputy text not null default '',
  room text not null default '', room_notes text not null default '',
  planned_start_on date,
  created_at timestamptz not null,
  constraint school_once_per_authority unique (authority_id, urn));
create table onboarding_event (
  school_id uuid not null references school, id uuid not null,
  from_stage text, to_stage text not null, note text not null default '',
  by_name text not null, by_side text not null check (by_side in ('authority', 'school', 'system')),
  at timestamptz not null,
  primary key (school_id, id));
create table school_task (
  school_id uuid not null references school, task text not null
    check (task in ('details', 'brief', 'agreement', 'staff', 'room_and_dates')),
  done_at timestamptz, done_by text not null default '',
  primary key (school_id, task));
create table school_closed_day (
  school_id uuid not null references school, id uuid not null, on_date date not null, reason text not null,
  primary key (school_id, id),
  constraint school_closed_day_once unique (school_id, on_date));
create table staff_member (
  school_id uuid not null references school, id uuid not null,
  name text not null, email text not null, phone text not null default '',
  role text not null check (role in ('school_lead', 'senco', 'attendance_lead', 'school_dsl')),
  job_title text not null default '',
  invited_at timestamptz not null, accepted_at timestamptz, ended_at timestamptz,
  primary key (school_id, id));
create unique index staff_member_role_once on staff_member (school_id, email, role) where ended_at is null;
"""

FUNCTIONS = (
    """
create function app.authority_school_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(school.school_id), '{}') from public.school
          where school.authority_id = (select app.authority_id()))""",
    "grant execute on function app.authority_school_ids() to wb_authority, wb_officer, wb_rollup, wb_identity",
    "alter function app.authority_school_ids() owner to wb_helper",
)

PROTECTED = {
    "authority": [
        *(
            Access(role, "select", AUTHORITY)
            for role in (
                "wb_authority",
                "wb_officer",
                "wb_school",
                "wb_facilitator",
                "wb_parent",
                "wb_commissioner",
                "wb_dispatch",
                "wb_documents",
            )
        ),
        Access("wb_authority", "update", AUTHORITY),
        Access("wb_rollup", "select", EVERY_ROW),
        Access("wb_identity", "select", EVERY_ROW),
    ],
    "authority_member": [
        Access("wb_authority", "select, insert, update", AUTHORITY),
        Access("wb_officer", "select", AUTHORITY),
        Access("wb_commissioner", "select, update", f"{AUTHORITY} and id = (select app.person_id())"),
        Access("wb_dispatch", "select", AUTHORITY),
    ],
    "authority_term": [
        Access("wb_authority", "select, insert, update, delete", AUTHORITY),
        Access("wb_school", "select", AUTHORITY),
        Access("wb_documents", "select", AUTHORITY),
        Access("wb_rollup", "select", AUTHORITY),
    ],
    "school": [
        Access("wb_authority", "select, insert, update", AUTHORITY),
        Access("wb_officer", "select", AUTHORITY),
        # A school changes its own details; it cannot move itself to another authority.
        Access("wb_school", "select, update", SCHOOL, f"{SCHOOL} and {AUTHORITY}"),
        Access("wb_facilitator", "select", SCHOOL),
        Access("wb_parent", "select", SCHOOL),
        # Workers learn which schools there are; everything inside one needs that school's scope.
        Access("wb_dispatch", "select", EVERY_ROW),
        Access("wb_documents", "select", EVERY_ROW),
        Access("wb_rollup", "select", EVERY_ROW),
        Access("wb_identity", "select", EVERY_ROW),
        Access("wb_helper", "select", EVERY_ROW),
    ],
    "onboarding_event": [
        Access("wb_authority", "select, insert", SCHOOLS_OF_AUTHORITY),
        Access("wb_school", "select, insert", SCHOOL),
    ],
    "school_task": [
        Access("wb_authority", "select, insert", SCHOOLS_OF_AUTHORITY),
        Access("wb_school", "select, insert, update", SCHOOL),
    ],
    "school_closed_day": [
        Access("wb_school", "select, insert, delete", SCHOOL),
    ],
    "staff_member": [
        Access("wb_authority", "select, insert, update", SCHOOLS_OF_AUTHORITY),
        Access("wb_school", "select, insert, update", SCHOOL),
        Access("wb_dispatch", "select", SCHOOL),
    ],
}


def upgrade() -> None:
    for statement in (REGISTER, AUTHORITIES, SCHOOLS, *FUNCTIONS):
        op.execute(statement)
    for table, access in PROTECTED.items():
        for statement in protect(table, access):
            op.execute(statement)
