"""Let parents ask for themselves: a school's sign-up page, by an address that it gives out and can take back.

Whom nobody had thought of could not say that they would like to come. An expression of interest is a row of its own, no
parent: it is written without an account, through one function that gets the hash of the page's address, learns nothing
about who is known there and answers the same whoever writes. Staff of that school alone read it. Taken into the list it
keeps no name, and 28 days after it was written it is gone in any case.

The address is drawn from the row's id under the service's key, so that a poster can be printed again; its hash lies
where no audience reads it.

Risk: anybody who has the poster can write; each address and each page has a limit, and a row is no person until staff
know them and the parent says yes by a link of their own. Rejected: a row in `parent` at once (a stranger would be a
person of the school), an address with the school's id (nobody could take it back), the answer “you are in our list”
(it would tell an ex-partner who comes).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install
from tenants.ddl import SCHOOL, Access, protect

revision = "0130"
down_revision = "0129"

TABLES = """
create table signup_link (
  school_id uuid not null references school (school_id),
  id uuid not null,
  kind text not null,
  organisation text not null default '',
  open_until date not null,
  made_at timestamptz not null default app.now(),
  made_by_name text not null,
  closed_at timestamptz,
  ended_at timestamptz,
  used integer not null default 0,
  primary key (school_id, id),
  constraint signup_link_kind check (kind in ('page', 'colleague', 'family_hub', 'professional')),
  constraint signup_link_organisation check (
    (kind = 'page') = (organisation = '') and char_length(organisation) <= 120));
create table identity.signup_address (
  token_hash bytea primary key check (length(token_hash) = 32),
  in_school uuid not null,
  link_id uuid not null unique);
create unique index signup_link_one_page on signup_link (school_id) where kind = 'page' and ended_at is null;
create table signup (
  school_id uuid not null references school (school_id),
  id uuid not null,
  link_id uuid not null,
  first_name text not null,
  last_name text not null default '',
  email text not null default '',
  phone text not null default '',
  language text not null default 'en',
  said_at timestamptz not null default app.now(),
  accepted_at timestamptz,
  accepted_by_name text not null default '',
  parent_id uuid,
  is_new boolean not null default false,
  primary key (school_id, id),
  foreign key (school_id, link_id) references signup_link (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id) on delete cascade,
  constraint signup_lengths check (char_length(first_name) <= 100 and char_length(last_name) <= 100
    and char_length(email) <= 254 and char_length(phone) <= 20 and char_length(language) <= 10),
  constraint signup_accepted check ((accepted_at is null) = (parent_id is null)
    and (accepted_at is null) = (first_name <> '')
    and (accepted_at is null) = (email <> '' or phone <> '')
    and (accepted_at is null or last_name = '')));
create index signup_by_moment on signup (school_id, said_at);
create index signup_by_link on signup (school_id, link_id);
"""
#: An address is given once, to a link of the school that gives it: one that is another's leads on to that other.
GIVE = function(
    "give_signup_address",
    "p_hash bytea, p_link uuid",
    "boolean",
    """
begin
  insert into identity.signup_address (token_hash, in_school, link_id)
    select p_hash, l.school_id, l.id from public.signup_link l
      where l.school_id = app.school_id() and l.id = p_link and l.ended_at is null
    on conflict do nothing;
  return found;
end""",
    ("wb_school",),
)
#: What is asked of a page's address: nothing of the school but its name, and whether it takes anything now.
OPEN = function(
    "open_signup",
    "p_hash bytea",
    "table (kind text, school_name text, organisation text, is_open boolean)",
    """
begin
  return query select l.kind, s.name, l.organisation,
      l.closed_at is null and l.open_until >= (app.now() at time zone 'Europe/London')::date and s.stage = 'active'
    from identity.signup_address a
    join public.signup_link l on l.school_id = a.in_school and l.id = a.link_id and l.ended_at is null
    join public.school s on s.school_id = l.school_id
    where a.token_hash = p_hash;
end""",
    ("wb_web",),
)
#: Looks at no parent: what it answers says whether the page takes anything, and of nobody whether they are known.
SIGN_UP = function(
    "sign_up",
    "p_hash bytea, p_signup uuid, p_first_name text, p_last_name text, p_email text, p_phone text, p_language text",
    "boolean",
    """
declare v_link public.signup_link;
begin
  select l.* into v_link from identity.signup_address a
    join public.signup_link l on l.school_id = a.in_school and l.id = a.link_id
    join public.school s on s.school_id = l.school_id
    where a.token_hash = p_hash and l.kind = 'page' and l.ended_at is null and l.closed_at is null
      and l.open_until >= (app.now() at time zone 'Europe/London')::date and s.stage = 'active'
    for update of l;
  if not found then return false; end if;
  -- Pressed twice it is one; who comes second waits for the first by the link's row.
  if not exists (select from public.signup g where g.school_id = v_link.school_id and g.link_id = v_link.id
      and lower(g.first_name) = lower(p_first_name) and lower(g.last_name) = lower(p_last_name)
      and g.email = p_email and g.phone = p_phone and g.accepted_at is null) then
    insert into public.signup (school_id, id, link_id, first_name, last_name, email, phone, language)
      values (v_link.school_id, p_signup, v_link.id, p_first_name, p_last_name, p_email, p_phone, p_language);
    update public.signup_link l set used = l.used + 1 where l.school_id = v_link.school_id and l.id = v_link.id;
  end if;
  return true;
end""",
    ("wb_web",),
)
#: What becomes of a link and of what somebody wrote; the rest stays as it was made.
CHANGES = {
    "signup_link": "open_until, closed_at, ended_at",
    "signup": "first_name, last_name, email, phone, accepted_at, accepted_by_name, parent_id, is_new",
}
#: The schedule deletes what is 28 days old, and reads no more of it than that.
CLEAN = (
    "grant select (school_id, id, said_at), delete on signup to wb_documents",
    f"create policy signup_documents_select on signup for select to wb_documents using ({SCHOOL})",
    f"create policy signup_documents_delete on signup for delete to wb_documents using ({SCHOOL})",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLES)
    for statement in (
        *protect(
            "signup_link",
            [
                Access("wb_school", "select, insert", SCHOOL),
                Access("wb_identity", "select, update", "true"),
            ],
        ),
        *protect(
            "signup",
            [
                Access("wb_school", "select, delete", SCHOOL),
                Access("wb_identity", "select, insert", "true"),
            ],
        ),
    ):
        op.execute(statement)
    for table, columns in CHANGES.items():
        op.execute(f"grant update ({columns}) on {table} to wb_school")
        op.execute(
            f"create policy {table}_school_update on {table} for update to wb_school"
            f" using ({SCHOOL}) with check ({SCHOOL})"
        )
    for statement in CLEAN:
        op.execute(statement)
    op.execute("grant select, insert on identity.signup_address to wb_identity")
    install((GIVE, OPEN, SIGN_UP))
