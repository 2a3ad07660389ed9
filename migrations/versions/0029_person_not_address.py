"""Keep a person apart from their addresses: where messages go, and the way in, are two facts.

An account is somebody's; two may share a telephone or a mailbox and stay two. An invitation makes an account for
somebody who has none and attaches to no other; no link rewrites an address or moves a membership. Codes that prove
somebody go where they themselves confirmed an address, at joining or a day ago. Whoever changes where messages go, the
database tells the old address and the way in. Addresses have one form, small letters and E.164, checked wherever one
stands that somebody is let in by.

Risk: addresses in other forms are rewritten, small letters and +44; a telephone number that is none stops the
revision, with nothing changed. Existing ways in count as confirmed at joining. Links on their way stay good.
Rejected: telling the old address from the page that changes it, which another page or statement would forget;
uniqueness with a list of exceptions; a table of addresses beside the account, two truths of one fact.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen import identity_offers as offers
from migrations.frozen import identity_ways as ways
from migrations.functions import install, move
from tenants.ddl import SCHOOL, Access, protect

revision = "0029"
down_revision = "0028"

EMAIL = "^[^[:space:]@A-Z]+@[^[:space:]@A-Z]+$"
PHONE = "^[+][1-9][0-9]{6,14}$"

#: Where an address stands that somebody is let in by: (table, column, its form).
ADDRESSES = (
    ("identity.account", "email", EMAIL),
    ("identity.account", "phone", PHONE),
    ("public.parent_contact", "email", EMAIL),
    ("public.parent_contact", "phone", PHONE),
    ("public.facilitator", "email", EMAIL),
    ("public.facilitator", "phone", PHONE),
    ("public.staff_member", "email", EMAIL),
    ("public.authority_member", "email", EMAIL),
)

#: What wb_identity must know of people to check an id that is handed to it, and to say for whom a link is.
FOR_IDENTITY = {
    "parent": "school_id, id",
    "parent_contact": "school_id, parent_id, first_name, email, phone",
    "facilitator": "school_id, id, parent_id, name, email, phone",
    "staff_member": "school_id, id",
    "authority_member": "authority_id, id",
}

TABLES = """
alter table identity.account drop constraint account_email_key, drop constraint account_phone_key,
  add column email_since timestamptz, add column phone_since timestamptz;
create index account_by_email on identity.account (email) where email is not null;
create index account_by_phone on identity.account (phone) where phone is not null;
update identity.account set email_since = case when email is not null then created_at end,
  phone_since = case when phone is not null then created_at end;
drop index public.parent_contact_email_once;
drop index public.parent_contact_phone_once;
create index parent_contact_by_email on public.parent_contact (school_id, email) where email <> '';
create index parent_contact_by_phone on public.parent_contact (school_id, phone) where phone <> '';
alter table identity.token drop constraint token_purpose_check;
alter table identity.token add constraint token_purpose_check check (purpose in ('staff_invitation',
  'parent_invitation', 'sign_in', 'confirm', 'password_reset', 'notice'));
create table identity.vouched (
  person_id uuid not null, by_person_id uuid not null, at timestamptz not null default app.now(),
  primary key (person_id, by_person_id));
create table public.contact_doubt (
  school_id uuid not null references school, id uuid not null,
  person_kind text not null check (person_kind in ('parent', 'facilitator', 'staff')), person_id uuid not null,
  channel text not null check (channel in ('email', 'sms')), address text not null,
  said_at timestamptz not null, settled_at timestamptz, settled_by text not null default '',
  primary key (school_id, id));
create index contact_doubt_open on public.contact_doubt (school_id, said_at) where settled_at is null;
"""

#: "This is not me": written at a link, read and settled by the school.
DOUBTS = (
    Access("wb_identity", "insert", "true", "settled_at is null"),
    Access("wb_school", "select, update", SCHOOL),
)

#: Of two accounts that one person's row opened, as older revisions allowed, the older stays.
ONE_ACCOUNT_EACH = """
update identity.membership m set ended_at = app.now() where m.ended_at is null
  and m.role in ('parent', 'facilitator') and exists (select from identity.membership o where o.ended_at is null
    and o.person_id = m.person_id and o.role = m.role and (o.created_at, o.id) < (m.created_at, m.id));
create unique index membership_one_account on identity.membership (person_id, role)
  where ended_at is null and role in ('parent', 'facilitator');
"""

TRIGGERS = """
create trigger tell_old_contact after update of email, phone on public.parent_contact for each row
  when (old.email is distinct from new.email or old.phone is distinct from new.phone)
  execute function identity.tell_old_contact();
create trigger tell_old_contact after update of email, phone on public.facilitator for each row
  when (old.email is distinct from new.email or old.phone is distinct from new.phone)
  execute function identity.tell_old_contact();
"""

REPLACED = (
    "issue_token(bytea, text, text, uuid, uuid, uuid, text, text, text, uuid, timestamptz, text)",
    "request_link(text, text, uuid, bytea, bytea, bytea, timestamptz)",
    "peek_token(bytea, bytea)",
    "use_link(bytea, bytea, uuid, uuid)",
    "use_link_code(bytea, bytea)",
    "own_addresses(bytea)",
    "request_confirm_code(bytea, text, uuid, bytea, bytea, timestamptz)",
    "grant_facilitator(uuid, uuid, uuid)",
    "found_account(uuid, uuid, text, text, text, text, uuid, uuid, uuid)",
)


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    _one_form()
    for statement in ONE_ACCOUNT_EACH.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute("grant select, insert, update, delete on identity.vouched to wb_identity")
    for statement in protect("contact_doubt", DOUBTS):
        op.execute(statement)
    for table, columns in FOR_IDENTITY.items():
        op.execute(f"grant select ({columns}) on {table} to wb_identity")
        op.execute(f"create policy {table}_identity_select on {table} for select to wb_identity using (true)")
    for signature in REPLACED:
        op.execute(f"drop function identity.{signature}")
    install(
        (
            ways.PROVES,
            ways.FIRST_NAME,
            ways.ISSUE,
            ways.REQUEST_LINK,
            ways.PEEK,
            ways.USE_LINK,
            ways.USE_LINK_CODE,
            ways.OWN_ADDRESSES,
            ways.REQUEST_CONFIRM,
            offers.OFFER,
            offers.LIST_OFFERS,
            offers.ACCEPT_OFFER,
            offers.NOT_ME,
            offers.FOUND_ACCOUNT,
            offers.TELL_OLD_CONTACT,
        )
    )
    move(("use_confirm_code(bytea, bytea)",), giver="wb_web", taker="wb_signin")
    for statement in TRIGGERS.split(";\n"):
        if statement.strip():
            op.execute(statement)


def _one_form() -> None:
    """Small letters and E.164 everywhere, and from here on nothing else."""
    for table, column, form in ADDRESSES:
        plain = f"lower(btrim({column}))"
        if column == "phone":
            digits = f"regexp_replace(regexp_replace({column}, '[^0-9+]', '', 'g'), '^00', '+')"
            plain = f"regexp_replace({digits}, '^0', '+44')"
        wrong = f"{column} <> '' and {column} !~ '{form}'"
        op.execute(f"update {table} set {column} = {plain} where {wrong}")  # noqa: S608 # nosec B608 - names of this file
        name = table.split(".")[1]
        op.execute(
            f"alter table {table} add constraint {name}_{column}_form check ({column} = '' or {column} ~ '{form}')"
        )
    op.execute("update identity.token set address = lower(btrim(address)) where channel = 'email'")
    op.execute(
        "alter table identity.token add constraint token_address_form check"
        f" (address = '' or address ~ case channel when 'email' then '{EMAIL}' else '{PHONE}' end)"
    )
