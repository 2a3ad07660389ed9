"""Let a council's calendar read when its schools meet, by a secret address like everybody else's.

A council sees the month on a page; a calendar of theirs could not read along, because an address stood for somebody at
a school alone. Who leads at a council now makes one as others do: once, shown once, in their own browser, ended with
the role and with each change of how they come in. The named officer and commissioners, who have no dates, do not.

Risk: none for addresses that are there, which are opened as before. Rejected: an address of the council that its team
shares (nobody would know who still reads by it).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0156"
down_revision = "0155"

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
      and m.person_id = app.person_id()
      and (m.in_school = app.school_id()
        or (m.in_school is null and app.school_id() is null and m.in_authority = app.authority_id())));
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
    where f.token_hash = p_hash and (m.in_school is not null or m.role = 'authority_admin');
end""",
        (),
    ),
)
CALLED = ("set_feed(bytea, boolean)", "drop_feed()", "my_feed()")


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace(FUNCTIONS)
    op.execute("set local role wb_identity")
    for signature in CALLED:
        op.execute(f"grant execute on function identity.{signature} to wb_authority")
    op.execute("reset role")
