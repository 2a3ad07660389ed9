"""Let somebody's calendar read their dates by a secret address of its own.

Why: dates came as a file that is read once; whoever moved a session had to hope that everybody fetched it again.

One address for each person and role. What is kept is its hash; a new one takes the place of the old. It is given in
that person's own browser alone (`identity.is_pressed`), opens nothing but what `identity.open_feed` says of whom it is
for, whose dates are then read in their scope, and ends with the role, with the account, and with each change of how
they come in: whoever had the old telephone does not read on.

Risk: none for what is there; code of before asks for nothing here.
Rejected: a browser session that never ends (it would open every page); a signed address without a row (nothing could
take it back).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install

revision = "0117"
down_revision = "0116"

TABLE = """
create table identity.calendar_feed (
  membership_id uuid primary key references identity.membership on delete cascade,
  token_hash bytea not null unique check (length(token_hash) = 32),
  shows_place boolean not null,
  made_at timestamptz not null default app.now(),
  read_on date)
"""

AUDIENCES = ("wb_parent", "wb_facilitator", "wb_school", "wb_dsl")

FUNCTIONS = (
    function(
        "pressing_membership",
        "",
        "uuid",
        """
begin
  -- The membership of whoever is signed in, in this role and at this place, in the browser that this page serves.
  if not identity.is_pressed() then return null; end if;
  return (select m.id from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = decode(coalesce(current_setting('app.browser', true), ''), 'hex')
      and m.person_id = app.person_id() and m.in_school = app.school_id());
end""",
        (),
    ),
    function(
        "set_feed",
        "p_hash bytea, p_shows_place boolean",
        "boolean",
        """
declare v_membership uuid := identity.pressing_membership();
begin
  if v_membership is null then return false; end if;
  insert into identity.calendar_feed as f (membership_id, token_hash, shows_place)
    values (v_membership, p_hash, p_shows_place)
    on conflict (membership_id) do update set token_hash = excluded.token_hash, shows_place = excluded.shows_place,
      made_at = app.now(), read_on = null;
  return true;
end""",
        AUDIENCES,
    ),
    function(
        "drop_feed",
        "",
        "boolean",
        """
begin
  delete from identity.calendar_feed f where f.membership_id = identity.pressing_membership();
  return found;
end""",
        AUDIENCES,
    ),
    function(
        "my_feed",
        "",
        "table (made_at timestamptz, shows_place boolean, read_on date)",
        """
begin
  return query select f.made_at, f.shows_place, f.read_on from identity.calendar_feed f
    where f.membership_id = identity.pressing_membership();
end""",
        AUDIENCES,
    ),
    function(
        "open_feed",
        "p_hash bytea, p_is_read boolean",
        "table (role text, authority_id uuid, school_id uuid, person_id uuid, shows_place boolean)",
        """
begin
  if p_is_read then
    update identity.calendar_feed f set read_on = app.now()::date
      where f.token_hash = p_hash and f.read_on is distinct from app.now()::date;
  end if;
  return query select m.role, m.in_authority, m.in_school, m.person_id, f.shows_place
    from identity.calendar_feed f
    join identity.membership m on m.id = f.membership_id and m.ended_at is null
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where f.token_hash = p_hash and m.in_school is not null;
end""",
        ("wb_web",),
    ),
    function(
        "end_feed",
        "",
        "trigger",
        """
begin
  if tg_table_name = 'membership' then
    delete from identity.calendar_feed f where f.membership_id = new.id;
  else
    delete from identity.calendar_feed f using identity.membership m
      where m.id = f.membership_id and m.account_id = new.id;
  end if;
  return null;
end""",
        ("wb_owner",),
    ),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    op.execute("grant select, insert, update, delete on identity.calendar_feed to wb_identity")
    install(FUNCTIONS)
    op.execute(
        "create trigger membership_ends_feed after update of ended_at on identity.membership for each row"
        " when (new.ended_at is not null) execute function identity.end_feed()"
    )
    op.execute(
        "create trigger account_ends_feed after update of email, phone, password_hash, disabled_at"
        " on identity.account for each row when ((old.email, old.phone, old.password_hash, old.disabled_at)"
        " is distinct from (new.email, new.phone, new.password_hash, new.disabled_at))"
        " execute function identity.end_feed()"
    )
