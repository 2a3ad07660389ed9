"""Say which of a school's staff may agree to a fresh start, by the rule that agreeing asks.

The task and the button stood before everybody, also before who had asked, and each press was refused; nobody could read
who may. The rule stays where it is, `identity.may_agree`.

Risk: staff learn of a colleague that they may agree, which whoever pressed learned of themselves.
Rejected: the rule once more in Python, a second telling; every member of staff asked about one by one.
"""

from __future__ import annotations

from migrations.functions import function, install

revision = "0059"
down_revision = "0058"

SECONDS = function(
    "fresh_start_seconds",
    "",
    "table (fresh_start_id uuid, person_id uuid)",
    """
begin
  -- Of the school's fresh starts that wait for a second person: each of its staff who may agree now.
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  return query select distinct f.id, m.person_id from public.fresh_start f
    join identity.membership m on m.in_school = f.school_id and m.ended_at is null
    where f.school_id = app.school_id() and f.ended_at is null and f.agreed_at is null
      and m.role not in ('parent', 'facilitator') and identity.may_agree(f.asked_by, m.person_id, f.school_id);
end""",
    ("wb_school",),
)


def upgrade() -> None:
    install((SECONDS,))
