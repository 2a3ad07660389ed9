"""Let a calendar's link end with every change of how somebody signs in, and with nothing else.

Its page says so. But a passkey or an account of a directory that was taken away, another app and another PIN signed out
every browser and left the link; and a password whose hash is made anew at sign-in, at another cost, ended it. The day
on which a calendar last came is London's, as everywhere on pages.

Risk: none for links that are there. Rejected: a line in each function that changes a way in (the next would forget).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0122"
down_revision = "0121"

#: Columns of an account by which somebody comes in, or shows who they are.
WAYS_IN = ("email", "phone", "password_hash", "totp_secret", "pin_hash", "disabled_at")

FUNCTIONS = (
    function(
        "end_feed",
        "",
        "trigger",
        """
begin
  if tg_table_name = 'membership' then
    delete from identity.calendar_feed f where f.membership_id = new.id;
  elsif tg_table_name = 'account' then
    if coalesce(current_setting('app.same_password', true), '') = new.id::text then return null; end if;
    delete from identity.calendar_feed f using identity.membership m
      where m.id = f.membership_id and m.account_id = new.id;
  else
    delete from identity.calendar_feed f using identity.membership m
      where m.id = f.membership_id and m.account_id = old.account_id;
  end if;
  return null;
end""",
        (),
    ),
    function(
        "open_feed",
        "p_hash bytea, p_is_read boolean",
        "table (role text, authority_id uuid, school_id uuid, person_id uuid, shows_place boolean)",
        """
declare v_day date := (app.now() at time zone 'Europe/London')::date;
begin
  if p_is_read then
    update identity.calendar_feed f set read_on = v_day
      where f.token_hash = p_hash and f.read_on is distinct from v_day;
  end if;
  return query select m.role, m.in_authority, m.in_school, m.person_id, f.shows_place
    from identity.calendar_feed f
    join identity.membership m on m.id = f.membership_id and m.ended_at is null
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where f.token_hash = p_hash and m.in_school is not null;
end""",
        (),
    ),
    function(
        "renew_password_hash",
        "p_account uuid, p_old text, p_new text",
        "void",
        """
begin
  -- The same password at another cost; nothing happened that a history would tell, or that ends a calendar's link.
  perform set_config('app.same_password', p_account::text, true);
  update identity.account a set password_hash = p_new where a.id = p_account and a.password_hash = p_old;
  perform set_config('app.same_password', '', true);
end""",
        (),
    ),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace(FUNCTIONS)
    changed = ", ".join(WAYS_IN)
    old, new = (", ".join(f"{row}.{column}" for column in WAYS_IN) for row in ("old", "new"))
    op.execute("drop trigger account_ends_feed on identity.account")
    op.execute(
        f"create trigger account_ends_feed after update of {changed} on identity.account for each row"
        f" when (({old}) is distinct from ({new})) execute function identity.end_feed()"
    )
    for table in ("passkey", "federated_identity"):
        op.execute(
            f"create trigger {table}_ends_feed after delete on identity.{table} for each row"
            " execute function identity.end_feed()"
        )
