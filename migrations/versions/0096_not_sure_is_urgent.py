"""Treat "Not sure" whether somebody could be hurt today as a yes: everybody who reads it is told at once.

Who raises a concern and cannot tell was answered like somebody who had said no: one ordinary email, read by the end of
the next working day. Only *no* waits now.

Risk: a concern that was raised as *not sure* before this and that nobody has opened is told to the officers when this
is installed, at any hour. It should have been.
Rejected: leaving *not sure* out of the form: somebody who must choose between yes and no, and does not know, says no.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0096"
down_revision = "0095"

WAITS = function(
    "waits_too_long",
    "p_risk text, p_raised timestamptz, p_opened timestamptz, p_read timestamptz, p_closed timestamptz",
    "boolean",
    """
begin
  -- Somebody could be hurt today, or who saw it is not sure, and nobody has opened it for half an hour.
  return p_risk <> 'no' and p_opened is null and p_read is null and p_closed is null
    and p_raised <= app.now() - interval '30 minutes';
end
""",
    (),
)
HAND_OVER = function(
    "hand_over",
    "p_authority uuid, p_school uuid, p_concern uuid",
    "void",
    """
declare v_risk text; v_about_officer boolean;
begin
  select c.risk_today, c.about_officer into v_risk, v_about_officer from public.concern c
    where c.school_id = p_school and c.id = p_concern;
  -- What names an officer goes to another one alone, once it is kept from whom it names.
  if v_about_officer and not (
    identity.readers_of('named_officer', p_authority, null, p_concern) <> '{}'
    and exists (select from public.concern_kept p join identity.membership m on m.person_id = p.person_id
      and m.role = 'named_officer' and m.in_authority = p_authority
      where p.school_id = p_school and p.concern_id = p_concern)) then
    perform identity.tell_appointers(p_authority);
    return;
  end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'no' then 'waits' else 'urgent' end);
end
""",
    (),
)
SCHOOLS = function(
    "schools_to_look_after",
    "",
    "table (school_id uuid, authority_id uuid)",
    """
begin
  -- For the schedule, which then enters each: schools with an open concern that nobody there can read, or with an
  -- urgent one that nobody has opened for half an hour.
  return query select k.school_id, k.authority_id from public.school k
    where (k.school_id in (select c.school_id from public.concern c where c.closed_at is null
        and not exists (select from public.concern_handover h
          where h.school_id = c.school_id and h.concern_id = c.id))
      and identity.acting('school_dsl', k.authority_id, k.school_id) = '{}')
    or exists (select from public.concern c join public.concern_kept p
        on p.school_id = c.school_id and p.concern_id = c.id
      where c.school_id = k.school_id and c.closed_at is null
        and not exists (select from public.concern_handover h
          where h.school_id = c.school_id and h.concern_id = c.id)
        and identity.readers_of('school_dsl', k.authority_id, k.school_id, c.id) = '{}')
    or k.school_id in (select c.school_id from public.concern c where c.risk_today <> 'no' and c.read_at is null
      and c.closed_at is null and c.told_at is null and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at,
         c.read_at, c.closed_at));
end
""",
    (),
)
AUTHORITIES = function(
    "authorities_to_look_after",
    "",
    "uuid[]",
    """
begin
  -- Authorities with an urgent concern that nobody has opened for half an hour, or with an open one that nobody reads.
  return coalesce((select array_agg(distinct c.authority_id) from public.authority_concern c
    where c.closed_at is null
      and ((c.risk_today <> 'no' and c.read_at is null and c.told_at is null
          and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at))
        or (exists (select from public.authority_concern_kept p where p.concern_id = c.id)
          and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}')
        or c.authority_id in (select x.authority_id from (select distinct o.authority_id from public.authority_concern o
            where o.closed_at is null) x where identity.acting('named_officer', x.authority_id, null) = '{}'))), '{}');
end
""",
    (),
)
#: What is looked for every few minutes is what is still unread.
INDEXES = (
    "drop index concern_urgent",
    "drop index authority_concern_urgent",
    "create index concern_urgent on concern (raised_at)"
    " where risk_today <> 'no' and read_at is null and closed_at is null",
    "create index authority_concern_urgent on authority_concern (raised_at)"
    " where risk_today <> 'no' and read_at is null and closed_at is null",
)


def upgrade() -> None:
    for statement in INDEXES:
        op.execute(statement)
    replace([WAITS, HAND_OVER, SCHOOLS, AUTHORITIES])
