"""Say who can agree to an appointment and from when, and tell the person whom it is about in words of their own.

An appointment that waits could wait for a month without anybody knowing why: the account of who might agree was younger
than 30 days. Those concerned now read each name with its day. Who is appointed got the words meant for the others,
which ask them to stop it; they get their own, with the moment from which they can sign in.

Risk: a school's lead and safeguarding lead read names of the council's officer and of its admins who may agree, and the
council those of the school; both are told of every step by name already.
Rejected: a shorter wait where a school has one lead, which would make a second account of one's own a second person;
the moment in the message's row, which would go on being said after it was stopped.
"""

from __future__ import annotations

from migrations.frozen.appointments import DECIDERS
from migrations.functions import function, install, replace

revision = "0079"
down_revision = "0078"

POOL = function(
    "seconds_pool",
    "p_role text, p_authority uuid, p_school uuid",
    "uuid[]",
    """
begin
  -- Whose word would count: who holds the role now, who sees as much at that place, and the council's named officer.
  return case p_role
    when 'authority_admin' then identity.acting('authority_admin', p_authority, null)
    when 'commissioner' then identity.acting('authority_admin', p_authority, null)
    when 'named_officer' then case when identity.acting('named_officer', p_authority, null) = '{}'
      then identity.acting('authority_admin', p_authority, null) else '{}'::uuid[] end
    when 'school_dsl' then identity.acting('school_dsl', p_authority, p_school)
    else identity.acting('school_lead', p_authority, p_school) || identity.acting('school_dsl', p_authority, p_school)
    end || identity.acting('named_officer', p_authority, null);
end""",
    (),
)

SECONDS_OF = function(
    "seconds_of",
    "p_role text, p_authority uuid, p_school uuid, p_asker uuid, p_person uuid",
    "uuid[]",
    """
begin
  -- People who may agree now.
  return coalesce((select array_agg(distinct m.person_id) from identity.membership m
    where m.person_id = any (identity.seconds_pool(p_role, p_authority, p_school)) and m.ended_at is null
      and m.person_id <> p_person and m.account_id <> all (app.accounts_of(p_person, p_role))
      and identity.may_second(p_asker, m.account_id)), '{}');
end""",
    (),
)

WHO_CAN_AGREE = function(
    "who_can_agree",
    "p_appointments uuid[]",
    "table (appointment_id uuid, name text, role text, can_from timestamptz)",
    """
begin
  -- For those who hear of appointments, of each that waits: who may agree, and from when, as `may_second` counts.
  if identity.own_account() is null then return; end if;
  return query select distinct on (x.id, a.created_at, a.id) x.id, a.name, m.role, a.created_at + interval '30 days'
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
    DECIDERS,
)

BEGINS_OF = function(
    "begins_of",
    "p_people uuid[]",
    "table (person_id uuid, begins_at timestamptz)",
    """
begin
  -- For the moment of sending, in the scope of the message: from when what was agreed for these people counts.
  return query select distinct on (x.person_id) x.person_id, x.begins_at from (
      select p.person_id, p.begins_at, p.agreed_at from public.appointment p
        where p.school_id = app.school_id() and p.person_id = any (p_people) and p.agreed_at is not null
          and p.stopped_at is null and p.done_at is null
      union all select p.person_id, p.begins_at, p.agreed_at from public.authority_appointment p
        where app.school_id() is null and p.authority_id = app.authority_id() and p.person_id = any (p_people)
          and p.agreed_at is not null and p.stopped_at is null and p.done_at is null) x
    order by x.person_id, x.agreed_at desc;
end""",
    ("wb_dispatch",),
)

TELL = function(
    "tell_of_appointment",
    "p_authority uuid, p_school uuid, p_id uuid, p_kind text, p_person uuid",
    "void",
    """
declare v_person uuid; v_own text := case p_kind when 'appointment_agreed' then 'appointment_yours'
  when 'reset_asked' then 'reset_asked_yours' when 'reset_agreed' then 'reset_yours' end;
begin
  -- Everybody concerned at once: who leads, reads and decides at that place; and whom it is about, in their own words.
  if p_school is not null then
    for v_person in select distinct x from unnest(identity.acting('school_lead', p_authority, p_school)
      || identity.acting('school_dsl', p_authority, p_school)) x where v_own is null or x <> p_person
    loop
      perform identity.write_message(p_authority, p_school, p_kind || '_at_school', 'email', v_person,
        p_id || ':' || v_person, 3);
    end loop;
  end if;
  for v_person in select distinct x from unnest(identity.acting('named_officer', p_authority, null)
    || identity.acting('authority_admin', p_authority, null)) x where v_own is null or x <> p_person
  loop
    perform identity.write_message(p_authority, null, p_kind || '_at_council', 'email', v_person,
      p_id || ':' || v_person, 3);
  end loop;
  if v_own is not null then
    perform identity.write_message(p_authority, p_school,
      v_own || case when p_school is null then '_at_council' else '_at_school' end, 'email', p_person,
      p_id || ':' || p_person, 3);
  end if;
end""",
    (),
)


def upgrade() -> None:
    install((POOL, WHO_CAN_AGREE, BEGINS_OF))
    replace((SECONDS_OF, TELL))
