"""Say of whom who reads concerns no mobile number is confirmed: never the number, and to nobody beyond their place.

A concern that cannot wait reaches such a reader by email only. Nobody told them, their school or their council, but a
line under *My account*.

Risk: colleagues learn that somebody has given a number here, or not. Rejected: asking for the number before the role
begins (a school would start later for want of a text), and reading it by signing in's login on the first page.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install

revision = "0114"
down_revision = "0113"

WITHOUT = function(
    "readers_without_mobile",
    "p_school uuid",
    "uuid[]",
    """
begin
  -- Who can read concerns there and gets no text of one: of one's own school, of a school of one's authority, or (no
  -- school) of the authority itself, which is all that its officers ask.
  if current_setting('role') in ('wb_school', 'wb_dsl') and p_school is distinct from app.school_id()
    or current_setting('role') = 'wb_officer' and p_school is not null
    or p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids())
  then raise insufficient_privilege; end if;
  return coalesce((select array_agg(x) from unnest(identity.acting(
      case when p_school is null then 'named_officer' else 'school_dsl' end, app.authority_id(), p_school)) x
    where not exists (select from identity.membership m join identity.work_mobile w on w.account_id = m.account_id
      where m.person_id = x and m.ended_at is null)), '{}');
end""",
    ("wb_authority", "wb_officer", "wb_school"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install([WITHOUT])
