"""Call a deputy a deputy, also among those who can agree to an appointment.

Those who can agree to one are named with the role that they have. That the council hears of a first reader of concerns
is written in 0113, with the function that decides who is one.

Risk: none known; code of before reads the same columns of `who_can_agree`, and one more is there now.
Rejected: a second function beside it (two truths of who can agree).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import drop, function, install

revision = "0109"
down_revision = "0108"

WHO_CAN = function(
    "who_can_agree",
    "p_appointments uuid[]",
    "table (appointment_id uuid, name text, role text, can_from timestamptz, is_deputy boolean)",
    """
begin
  -- For those who hear of appointments, of each that waits: who may agree, and from when, as `may_second` counts.
  if identity.own_account() is null then return; end if;
  return query select distinct on (x.id, a.created_at, a.id) x.id, a.name, m.role, a.created_at + interval '30 days',
      m.role = 'school_dsl' and exists (select from public.staff_member s where s.id = m.person_id and s.is_deputy)
    from (
      select p.id, p.role, k.authority_id, p.school_id, p.asked_by, p.person_id from public.appointment p
        join public.school k on k.school_id = p.school_id
        where p.id = any (p_appointments) and p.agreed_at is null and p.stopped_at is null and p.basis = 'second_person'
          and k.authority_id = app.authority_id() and (app.school_id() is null or p.school_id = app.school_id())
      union all select p.id, p.role, p.authority_id, null, p.asked_by, p.person_id from public.authority_appointment p
        where p.id = any (p_appointments) and p.agreed_at is null and p.stopped_at is null and p.basis = 'second_person'
          and p.authority_id = app.authority_id() and app.school_id() is null) x
    join identity.membership m on m.person_id = any (identity.seconds_pool(x.role, x.authority_id, x.school_id))
      and m.ended_at is null and m.person_id <> x.person_id
      and m.account_id <> all (app.accounts_of(x.person_id, x.role)) and m.account_id <> x.asked_by
    join identity.account a on a.id = m.account_id
    where coalesce(identity.ways_in(m.account_id), 0) > 0
      and not exists (select from identity.token t join identity.membership i on i.person_id = t.person_id
          and i.role = t.role
        where t.purpose = 'staff_invitation' and t.invited_by_account = x.asked_by and i.account_id = m.account_id)
    order by x.id, a.created_at, a.id, m.role;
end""",
    ("wb_authority", "wb_officer", "wb_school"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    drop(["who_can_agree(uuid[])"])
    install([WHO_CAN])
