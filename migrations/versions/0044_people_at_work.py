"""Keep people at work apart who share an address, as parents are.

An invitation to work here is for one person. It makes an account of its own, or adds the role to the account that is
signed in at work where it is accepted; it never looks for an account by an address. Two who share a mailbox are two
accounts, told apart by their own passwords: up to four, and as many are tried at each sign-in, whoever is there.
Whoever says "This is not me" tells the school, or the council that invited.

Risk: who has several roles in one account keeps them; a role accepted from here on at the same address, without being
signed in, is an account of its own.
Rejected: asking for a name beside the password, which everybody would have to type; unique addresses at work, which
offices do not have.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen import identity_staff as staff
from migrations.functions import drop, install, replace
from tenants.ddl import AUTHORITY, EVERY_ROW, Access, protect

revision = "0044"
down_revision = "0043"

TABLES = """
drop index public.staff_member_role_once;
create unique index staff_member_person_once on public.staff_member (school_id, email, role, lower(btrim(name)))
  where ended_at is null;
create table public.authority_contact_doubt (
  authority_id uuid not null references authority, id uuid not null, person_id uuid not null,
  said_at timestamptz not null, primary key (authority_id, id));
create index authority_contact_doubt_by_person on public.authority_contact_doubt (authority_id, person_id, said_at);
"""

DOUBTS = (
    Access("wb_identity", "insert", EVERY_ROW),
    Access("wb_authority", "select", AUTHORITY),
)


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in protect("authority_contact_doubt", DOUBTS):
        op.execute(statement)
    drop(staff.REPLACED)
    install(
        (
            staff.AT_WORK,
            staff.NEW_AT_WORK,
            staff.OTHERS_PASSWORDS,
            staff.PEEK,
            staff.ACCEPT,
            staff.RESET,
        )
    )
    replace((staff.ISSUE, staff.ACCEPT_ELSEWHERE, staff.FIND_PASSWORDS, staff.NOT_ME))
