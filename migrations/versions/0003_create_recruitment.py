"""Create parents and carers: where they are on the way in, how to reach them, what they agreed to.

Risk: none, the tables are new.
Rejected: one wide parent table; an audience is granted whole tables, so what one may not see stands elsewhere.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0003"
down_revision = "0002"

TABLES = """
create table parent (
  school_id uuid not null references school, id uuid not null,
  stage text not null default 'identified' check (stage in ('identified', 'invited', 'interested', 'joined',
    'waiting', 'in_group', 'graduated', 'said_no', 'left')),
  stage_changed_at timestamptz not null,
  invited_at timestamptz, joined_at timestamptz, waiting_since timestamptz,
  do_not_ask_until date,
  created_at timestamptz not null,
  primary key (school_id, id));
create index parent_by_stage on parent (school_id, stage, stage_changed_at);
create table parent_contact (
  school_id uuid not null, parent_id uuid not null,
  first_name text not null, last_name text not null, known_as text not null default '',
  email text not null default '', phone text not null default '',
  language text not null default 'en', interpreter boolean not null default false,
  access_needs text not null default '',
  texts_stopped_at timestamptz, emails_stopped_at timestamptz,
  primary key (school_id, parent_id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint parent_contact_reachable check (email <> '' or phone <> ''));
create unique index parent_contact_email_once on parent_contact (school_id, email) where email <> '';
create unique index parent_contact_phone_once on parent_contact (school_id, phone) where phone <> '';
create table recruitment_profile (
  school_id uuid not null, parent_id uuid not null,
  year_group text not null default '', attendance_band text not null default ''
    check (attendance_band in ('', 'over_90', '80_to_90', '50_to_80', 'under_50')),
  needs text not null default '', found_by text not null default '', next_step text not null default '',
  owner_staff_id uuid,
  primary key (school_id, parent_id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, owner_staff_id) references staff_member (school_id, id));
create table parent_event (
  school_id uuid not null, id uuid not null, parent_id uuid not null,
  from_stage text, to_stage text not null, reason text not null default '',
  by_side text not null check (by_side in ('school', 'parent', 'facilitator', 'system')),
  at timestamptz not null,
  primary key (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id));
create index parent_event_by_parent on parent_event (school_id, parent_id, at);
create table consent (
  school_id uuid not null, parent_id uuid not null,
  kind text not null check (kind in ('join', 'email', 'text', 'pooled_answers', 'share_attendance',
    'ask_to_lead', 'pooled_attendance')),
  given boolean not null, wording_version text not null, changed_at timestamptz not null,
  primary key (school_id, parent_id, kind),
  foreign key (school_id, parent_id) references parent (school_id, id));
create table consent_event (
  school_id uuid not null, id uuid not null, parent_id uuid not null, kind text not null,
  given boolean not null, wording_version text not null, at timestamptz not null,
  primary key (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id));
"""

OWN_ID = f"{SCHOOL} and id = (select app.person_id())"
STAFF_NEED_TO_KNOW = f"{SCHOOL} and kind in ('join', 'email', 'text', 'share_attendance')"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(
        """
create function app.sharing_parent_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(consent.parent_id), '{}') from public.consent
          where consent.school_id = (select app.school_id()) and consent.kind = 'share_attendance'
            and consent.given)"""
    )
    op.execute("grant execute on function app.sharing_parent_ids() to wb_school")
    op.execute("alter function app.sharing_parent_ids() owner to wb_helper")
    protected = {
        "parent": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_parent", "select, update", OWN_ID),
            *(Access(role, "select", SCHOOL) for role in ("wb_dispatch", "wb_documents", "wb_rollup")),
        ],
        "parent_contact": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_parent", "select, update", OWN_PARENT),
            *(Access(role, "select", SCHOOL) for role in ("wb_dispatch", "wb_documents")),
        ],
        "recruitment_profile": [Access("wb_school", "select, insert, update", SCHOOL)],
        "parent_event": [
            Access("wb_school", "select, insert", SCHOOL),
            Access("wb_parent", "select, insert", OWN_PARENT),
        ],
        "consent": [
            Access("wb_school", "select", STAFF_NEED_TO_KNOW),
            Access("wb_parent", "select, insert, update", OWN_PARENT),
            *(Access(role, "select", SCHOOL) for role in ("wb_dispatch", "wb_documents", "wb_rollup")),
            Access("wb_helper", "select", "true"),
        ],
        "consent_event": [Access("wb_parent", "select, insert", OWN_PARENT)],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
