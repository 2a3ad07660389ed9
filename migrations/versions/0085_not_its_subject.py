"""Keep a concern that names some of its readers from those alone, so that the others read it.

Whoever raises it hands over from whom it is kept, in the transaction that makes it: of two officers of whom one is
named the other reads it. What names the officer and waits at a school without a reader goes to an officer who comes
later and is not named. Where nobody is left to read one, those who can appoint hear of it every day and see on their
home how many there are, and nothing of what they say.

Risk: whoever raises a concern can keep it from a reader who is not named, within a minute, which leaves it to others or
to nobody and shows nothing to anybody. `announce_concern` takes one more argument with a default: code that hands over
one goes on.
Rejected: authority admins as readers, who would read what no one of their role may; deciding it by names in the
database, which would be a second telling of `app/safeguarding/naming.py`.
"""

from __future__ import annotations

from dataclasses import replace as changed

from alembic import op

from migrations.functions import drop, function, install, replace

revision = "0085"
down_revision = "0084"

RAISERS = ("wb_school", "wb_facilitator", "wb_parent")

ANNOUNCE = changed(
    function(
        "announce_concern",
        "p_concern uuid, p_kept uuid[] default '{}'",
        "text",
        """
declare v_route text; v_why text; v_raised timestamptz; v_person uuid; v_readers uuid[];
begin
  -- Only of one's own concern, in one's own school. Who raises it need not know who reads it.
  perform identity.hold_place(app.authority_id(), app.school_id());
  select r.goes_to, case when r.is_urgent then 'urgent' else 'waits' end, r.raised_at
    into v_route, v_why, v_raised from public.concern_receipt r
    where r.school_id = app.school_id() and r.id = p_concern and r.raised_by_id = app.person_id();
  if v_route is null then return null; end if;
  -- From those whom it names, before anybody hears of it; nobody else is kept from anything by this.
  if v_raised > app.now() - interval '1 minute' then
    for v_person in
      select m.person_id from identity.membership m where m.person_id = any (p_kept)
        and m.in_authority = app.authority_id()
        and (m.role = 'named_officer' or (m.role = 'school_dsl' and m.in_school = app.school_id()))
      union select a.person_id from public.appointment a where a.person_id = any (p_kept)
        and a.school_id = app.school_id() and a.role = 'school_dsl' and a.kind = 'appoint'
      union select a.person_id from public.authority_appointment a where a.person_id = any (p_kept)
        and a.authority_id = app.authority_id() and a.role = 'named_officer' and a.kind = 'appoint'
    loop
      if v_route = 'officer' then
        insert into public.authority_concern_kept (authority_id, concern_id, person_id)
          values (app.authority_id(), p_concern, v_person) on conflict do nothing;
      else
        insert into public.concern_kept (school_id, concern_id, person_id)
          values (app.school_id(), p_concern, v_person) on conflict do nothing;
      end if;
    end loop;
  end if;
  if v_route = 'officer' then
    perform identity.tell_officers(app.authority_id(), p_concern, v_why);
    return 'officer';
  end if;
  v_readers := identity.readers_of('school_dsl', app.authority_id(), app.school_id(), p_concern);
  if v_readers = '{}' then
    perform identity.hand_over(app.authority_id(), app.school_id(), p_concern);
    return 'officer';
  end if;
  foreach v_person in array v_readers loop
    perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, p_concern, v_why);
  end loop;
  return 'dsl';
end""",
        RAISERS,
    ),
    signature="announce_concern(uuid, uuid[])",
)
COMING = function(
    "coming_readers",
    "",
    "table (route text, name text, person_id uuid)",
    """
begin
  -- Who is asked for as a reader here and does not read yet, by the names on the lists: a concern goes round them too.
  return query select 'dsl', a.name, a.person_id from public.appointment a join public.staff_member m
      on m.school_id = a.school_id and m.id = a.person_id and m.ended_at is null
    where a.school_id = app.school_id() and a.role = 'school_dsl' and a.kind = 'appoint' and a.stopped_at is null
      and a.person_id <> all (identity.acting('school_dsl', app.authority_id(), app.school_id()))
  union all select 'officer', a.name, a.person_id from public.authority_appointment a join public.authority_member m
      on m.authority_id = a.authority_id and m.id = a.person_id and m.ended_at is null
    where a.authority_id = app.authority_id() and a.role = 'named_officer' and a.kind = 'appoint'
      and a.stopped_at is null
      and a.person_id <> all (identity.acting('named_officer', app.authority_id(), null));
end""",
    RAISERS,
)
TELL_APPOINTERS = function(
    "tell_appointers",
    "p_authority uuid",
    "void",
    """
declare v_person uuid;
begin
  -- Those who can appoint somebody hear that nobody reads a concern, once a day, and nothing of what it is.
  foreach v_person in array identity.acting('authority_admin', p_authority, null) loop
    perform identity.write_message(p_authority, null, 'nobody_reads_concerns', 'email', v_person,
      'nobody:' || to_char(app.now(), 'YYYY-MM-DD') || ':' || v_person, 3);
  end loop;
end""",
    (),
)
WITHOUT_READER = function(
    "concerns_without_reader",
    "",
    "bigint",
    """
declare v_count bigint; v_more bigint;
begin
  -- For those who appoint: how many open concerns of their authority nobody who can act may read.
  select count(*) into v_count from public.concern c join public.school k on k.school_id = c.school_id
    left join public.concern_handover h on h.school_id = c.school_id and h.concern_id = c.id
    where k.authority_id = app.authority_id() and c.closed_at is null
      and (identity.acting('school_dsl', k.authority_id, k.school_id) = '{}'
        or exists (select from public.concern_kept p where p.school_id = c.school_id and p.concern_id = c.id))
      and identity.readers_of('school_dsl', k.authority_id, k.school_id, c.id) = '{}'
      and (h.concern_id is null or identity.readers_of('named_officer', k.authority_id, null, c.id) = '{}');
  select count(*) into v_more from public.authority_concern c
    where c.authority_id = app.authority_id() and c.closed_at is null
      and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}';
  return v_count + v_more;
end""",
    ("wb_authority",),
)

CHANGED = (
    function(
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
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'yes' then 'urgent' else 'waits' end);
end""",
        (),
    ),
    function(
        "tell_officers",
        "p_authority uuid, p_concern uuid, p_why text",
        "void",
        """
declare v_person uuid; v_readers uuid[] := identity.readers_of('named_officer', p_authority, null, p_concern);
begin
  foreach v_person in array v_readers loop
    perform identity.tell_reader(p_authority, null, v_person, p_concern, p_why);
  end loop;
  if v_readers = '{}' then perform identity.tell_appointers(p_authority); end if;
end""",
        (),
    ),
    function(
        "authorities_to_look_after",
        "",
        "uuid[]",
        """
begin
  -- Authorities with an urgent concern that nobody has opened for half an hour, or with an open one that nobody reads.
  return coalesce((select array_agg(distinct c.authority_id) from public.authority_concern c
    where c.closed_at is null
      and ((c.risk_today = 'yes' and c.read_at is null and c.told_at is null
          and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at))
        or (exists (select from public.authority_concern_kept p where p.concern_id = c.id)
          and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}')
        or c.authority_id in (select x.authority_id from (select distinct o.authority_id from public.authority_concern o
            where o.closed_at is null) x where identity.acting('named_officer', x.authority_id, null) = '{}'))), '{}');
end""",
        (),
    ),
    function(
        "tell_of_unopened",
        "",
        "integer",
        """
declare v_concern uuid; v_about_officer boolean; v_person uuid; v_count integer := 0;
begin
  -- For the schedule, in one school or one authority: each once. Officers hear of a school's and may take them over,
  -- but for what names an officer: of that the school's own readers hear again. What nobody at the council reads is
  -- said to those who appoint, once a day.
  if app.school_id() is not null then
    for v_concern, v_about_officer in update public.concern c set told_at = app.now()
      where c.school_id = app.school_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id, c.about_officer
    loop
      if v_about_officer then
        foreach v_person in array
          identity.readers_of('school_dsl', app.authority_id(), app.school_id(), v_concern)
        loop
          perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, v_concern, 'unopened');
        end loop;
      else
        perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
      end if;
      v_count := v_count + 1;
    end loop;
  else
    for v_concern in update public.authority_concern c set told_at = app.now()
      where c.authority_id = app.authority_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id
    loop
      perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
      v_count := v_count + 1;
    end loop;
    if exists (select from public.authority_concern c where c.authority_id = app.authority_id()
      and c.closed_at is null and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}') then
      perform identity.tell_appointers(app.authority_id());
    end if;
  end if;
  return v_count;
end""",
        (),
    ),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("grant select (raised_at) on concern_receipt to wb_identity")
    drop(("announce_concern(uuid)", "coming_readers()"))
    install((TELL_APPOINTERS, ANNOUNCE, COMING, WITHOUT_READER))
    replace(CHANGED)
