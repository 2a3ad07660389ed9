"""Appointing is reading: whoever is to see more than the one who appoints them needs a second person, and a day.

A row of `appointment` (a school's) or `authority_appointment` says who asked, who agreed, when it begins and who
stopped it. Only functions write it. A membership in such a role carries `begins_at`, set by a trigger from that row
whatever function makes it; until then a row policy hides it from every function that signs anybody in. An invitation
to such a role is refused by a trigger unless its address is the one that the second person saw.

First holders, before any parent is at the school and nobody holds the role, begin at once; so do those whom the
operator of the service invites. A colleague's second factor is reset in the same way where they see more.

Risk: invitations to such roles that are on their way are kept and begin at once, as they would have; every other
membership has begun.
Rejected: the rule in the services alone, which a statement or the next way to sign in would go round; a new condition
in each of the twenty functions that look for a membership.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen.appointment_guards import GUARDS, HELPERS, TRIGGERS
from migrations.frozen.appointments import FUNCTIONS
from migrations.functions import install
from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0042"
down_revision = "0041"


def _appointments(table: str, owner: str, parent: str, roles: str) -> str:
    return f"""
create table {table} (
  {owner} uuid not null references {parent}, id uuid not null,
  kind text not null check (kind in ('appoint', 'reset')),
  person_id uuid not null, role text not null check (role in ({roles})),
  name text not null, email text not null,
  basis text not null check (basis in ('first_holder', 'second_person')),
  asked_by uuid not null, asked_by_name text not null, asked_at timestamptz not null,
  agreed_by uuid, agreed_by_name text not null default '', agreed_at timestamptz,
  begins_at timestamptz,
  stopped_by uuid, stopped_by_name text not null default '', stopped_at timestamptz,
  done_at timestamptz,
  primary key ({owner}, id),
  constraint {table}_agreed check ((begins_at is null) = (agreed_at is null and basis = 'second_person')));
create unique index {table}_open on {table} ({owner}, person_id, kind) where stopped_at is null and done_at is null;
create index {table}_by_time on {table} ({owner}, asked_at);
"""


TABLES = f"""
{
    _appointments(
        "appointment", "school_id", "school", "'school_lead', 'school_dsl', 'senco', 'attendance_lead'"
    )
}
{
    _appointments(
        "authority_appointment",
        "authority_id",
        "authority",
        "'authority_admin', 'named_officer', 'commissioner'",
    )
}
alter table staff_member add column is_deputy boolean not null default false;
alter table identity.membership add column begins_at timestamptz;
alter table identity.token add column is_free boolean not null default true, add column invited_by_account uuid;
"""

ACCESS = {
    "appointment": [
        Access("wb_school", "select", SCHOOL),
        Access("wb_authority", "select", SCHOOLS_OF_AUTHORITY),
        Access("wb_officer", "select", SCHOOLS_OF_AUTHORITY),
        Access("wb_identity", "select, insert, update", EVERY_ROW),
    ],
    "authority_appointment": [
        Access("wb_authority", "select", AUTHORITY),
        Access("wb_officer", "select", AUTHORITY),
        Access("wb_identity", "select, insert, update", EVERY_ROW),
    ],
}

#: What the functions must know of people and places.
FOR_IDENTITY = {
    "staff_member": ("school_id, id, name, email, role, is_deputy, ended_at", "ended_at"),
    "authority_member": ("authority_id, id, name, email, role, ended_at", "ended_at"),
    "parent": ("school_id, id", ""),
}

BEGUN = "begins_at is null or begins_at <= (select app.now())"
HIDDEN = (
    "alter table identity.membership enable row level security",
    "alter table identity.membership force row level security",
    "create policy membership_owner on identity.membership for all to wb_owner using (true) with check (true)",
    # Not yet begun is not there, for every function that wb_identity owns.
    f"create policy membership_identity_select on identity.membership for select to wb_identity using ({BEGUN})",
    f"create policy membership_identity_update on identity.membership for update to wb_identity using ({BEGUN})"
    " with check (true)",
    f"create policy membership_identity_delete on identity.membership for delete to wb_identity using ({BEGUN})",
    "create policy membership_identity_insert on identity.membership for insert to wb_identity with check (true)",
    "create policy membership_helper_select on identity.membership for select to wb_helper using (true)",
    "create policy membership_helper_update on identity.membership for update to wb_helper"
    " using (true) with check (true)",
    "grant select (account_id, role, person_id, in_authority, in_school, begins_at, ended_at) on identity.membership"
    " to wb_helper",
    "grant update (begins_at, ended_at) on identity.membership to wb_helper",
    "grant usage on schema identity to wb_helper",
    "grant insert on audit_event, authority_audit_event to wb_identity",
    "create policy audit_event_identity_insert on audit_event for insert to wb_identity with check (true)",
    "create policy authority_audit_event_identity_insert on authority_audit_event for insert to wb_identity"
    " with check (true)",
)


def upgrade() -> None:
    op.execute(TABLES)
    for table, access in ACCESS.items():
        for statement in protect(table, access):
            op.execute(statement)
    for table, (read, written) in FOR_IDENTITY.items():
        op.execute(f"grant select ({read}) on {table} to wb_identity")
        op.execute(f"drop policy if exists {table}_identity_select on {table}")
        op.execute(f"create policy {table}_identity_select on {table} for select to wb_identity using (true)")
        if written:
            op.execute(f"grant update ({written}) on {table} to wb_identity")
            op.execute(
                f"create policy {table}_identity_update on {table} for update to wb_identity"
                " using (true) with check (true)"
            )
    for statement in HIDDEN:
        op.execute(statement)
    for statement in HELPERS:
        op.execute(statement)
    op.execute("drop trigger membership_last on identity.membership")
    op.execute("drop function identity.guard_last()")
    op.execute("drop function identity.readers()")
    install((*FUNCTIONS, *GUARDS))
    for statement in TRIGGERS:
        op.execute(statement)
