"""Name only whom the database would let agree to an appointment.

`identity.who_can_agree` left out whom the asker had invited, and not whom somebody invited whom the asker had invited:
`may_second` refuses both (`brought_in`). A page could name a colleague whose press was then refused.

Risk: a list that is shorter than before, by people whose press never counted. Rejected: asking `may_second` itself,
which is false until somebody has been here for 30 days; the page says from when they can.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0120"
down_revision = "0119"

WHO_CAN_AGREE = function(
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
      and not identity.brought_in(x.asked_by, m.account_id)
      and not exists (select from identity.token t join identity.membership i on i.person_id = t.person_id
          and i.role = t.role
        where t.purpose = 'staff_invitation' and t.invited_by_account = x.asked_by and i.account_id = m.account_id)
    order by x.id, a.created_at, a.id, m.role;
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace([WHO_CAN_AGREE])
