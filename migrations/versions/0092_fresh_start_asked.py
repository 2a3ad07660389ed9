"""Ask for a fresh start by London's day, and never to an address that is the parent's way in already.

From midnight to one in summer the database's day is yesterday: "met today" was refused as not met. And the address
that a parent signs in with was taken as the new one: nobody there was told, and a lost telephone got the new link.

Risk: none for rows; staff who ask for the address of now are told to send a link.
Rejected: also refusing where messages go, which staff may have set to the new number a minute before.
"""

from __future__ import annotations

from migrations.functions import function, replace

revision = "0092"
down_revision = "0091"

ASK = function(
    "ask_fresh_start",
    "p_id uuid, p_role text, p_person uuid, p_channel text, p_address text, p_met_on date, p_by_name text",
    "text",
    """
declare v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  if not exists (select from identity.membership m where m.person_id = p_person and m.role = p_role
    and m.role in ('parent', 'facilitator') and m.in_school = app.school_id() and m.ended_at is null)
  then return 'no_account'; end if;
  if p_met_on > v_today or p_met_on < v_today - 14 then return 'not_met'; end if;
  -- Who still comes in there needs a link, and an address that is lost is no new one.
  if exists (select from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_person and m.role = p_role and m.in_school = app.school_id() and m.ended_at is null
      and p_address = case p_channel when 'email' then a.email else a.phone end) then return 'same_address'; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  if exists (select from public.fresh_start f where f.school_id = app.school_id() and f.person_id = p_person
    and f.ended_at is null) then return 'under_way'; end if;
  insert into public.fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by, asked_by_name,
      asked_at)
    values (app.school_id(), p_id, p_role, p_person, p_channel, p_address, p_met_on, app.person_id(),
      identity.name_here(), app.now());
  return 'asked';
end
""",
    ("wb_school",),
)


def upgrade() -> None:
    replace((ASK,))
