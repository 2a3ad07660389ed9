"""Keep a concern from whoever is appointed to read concerns after it named them.

A concern goes round whom it names when it is raised. Somebody may be appointed later: when the second person agrees,
what names the one who comes is kept from that person, open or closed, by a row that the policies of concerns and of
their record ask. Those who read there already go on reading; where nobody else does, it goes to the council's officer
as what nobody can read always did. Whoever is asked for and has not begun counts as a reader when a concern is raised.

Risk: readers of today are not looked at again; a name that changes later is not compared anew. A statement injected as
a reader could learn that something is kept from them, and nothing of what.
Rejected: comparing names in the database, which would be a second telling of `app/safeguarding/naming.py`; asking of
each row alone, which would run a function for every row that is read.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace
from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0078"
down_revision = "0077"

RAISERS = ("wb_school", "wb_facilitator", "wb_parent")
TABLES = """
create table concern_kept (
  school_id uuid not null, concern_id uuid not null, person_id uuid not null, at timestamptz not null default app.now(),
  primary key (school_id, concern_id, person_id),
  foreign key (school_id, concern_id) references concern (school_id, id));
create table authority_concern_kept (
  authority_id uuid not null, concern_id uuid not null, person_id uuid not null,
  at timestamptz not null default app.now(),
  primary key (authority_id, concern_id, person_id),
  foreign key (authority_id, concern_id) references authority_concern (authority_id, id));
create index concern_kept_by_person on concern_kept (person_id, concern_id);
create index authority_concern_kept_by_person on authority_concern_kept (person_id, concern_id);
"""
#: Whoever raised it reads from whom it is kept, so that the receipt names its readers truly.
RAISED = (
    "concern_id = any (array("
    "select r.id from concern_receipt r where r.school_id = (select app.school_id())))"
)
MINE = f"{SCHOOL} and {RAISED}"
MINE_AT_COUNCIL = f"{AUTHORITY} and {RAISED}"

FOR_HELPER = (
    "create policy concern_kept_helper_select on concern_kept for select to wb_helper using (true)",
    "grant select (concern_id, person_id) on concern_kept to wb_helper",
    "create policy authority_concern_kept_helper_select on authority_concern_kept for select to wb_helper using (true)",
    "grant select (concern_id, person_id) on authority_concern_kept to wb_helper",
    """
create function app.concerns_kept_from_me() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(k.concern_id), '{}') from (
    select c.concern_id from public.concern_kept c where c.person_id = (select app.person_id())
    union all select a.concern_id from public.authority_concern_kept a
      where a.person_id = (select app.person_id())) k)""",
    "grant execute on function app.concerns_kept_from_me() to wb_dsl, wb_officer",
    "alter function app.concerns_kept_from_me() owner to wb_helper",
)

HANDED = f"{SCHOOLS_OF_AUTHORITY} and {{}} = any ((select app.handed_concern_ids())::uuid[])"
#: Table -> column of the concern, and for each reader the rows until now and the verbs.
READ = {
    "concern": ("id", {"dsl": (SCHOOL, "su"), "officer": (HANDED, "su")}),
    "concern_action": ("concern_id", {"dsl": (SCHOOL, "si"), "officer": (HANDED, "si")}),
    "concern_handover": ("concern_id", {"dsl": (SCHOOL, "s"), "officer": (AUTHORITY, "s")}),
    "authority_concern": ("id", {"officer": (AUTHORITY, "su")}),
    "authority_concern_action": ("concern_id", {"officer": (AUTHORITY, "si")}),
}

FUNCTIONS = (
    function(
        "readers_of",
        "p_role text, p_authority uuid, p_school uuid, p_concern uuid",
        "uuid[]",
        """
begin
  -- Those who can act there, but for whom this concern is kept from.
  return coalesce((select array_agg(x.person order by x.place)
    from unnest(identity.acting(p_role, p_authority, p_school)) with ordinality x (person, place)
    where not exists (select from public.concern_kept k where k.person_id = x.person and k.concern_id = p_concern)
      and not exists (select from public.authority_concern_kept k where k.person_id = x.person
        and k.concern_id = p_concern)), '{}');
end""",
        (),
    ),
    function(
        "keep_concerns_from",
        "p_appointment uuid, p_concerns uuid[]",
        "void",
        """
declare v_role text; v_person uuid; v_school uuid; v_authority uuid;
begin
  -- By the second person before they agree, or by who asked for a first holder: of that place, from that person alone.
  select a.role, a.person_id, a.school_id, a.authority_id into v_role, v_person, v_school, v_authority from (
      select a.id, a.role, a.person_id, a.school_id, k.authority_id, a.kind, a.basis, a.asked_by, a.done_at
        from public.appointment a join public.school k on k.school_id = a.school_id
      union all select a.id, a.role, a.person_id, null, a.authority_id, a.kind, a.basis, a.asked_by, a.done_at
        from public.authority_appointment a) a
    where a.id = p_appointment and a.kind = 'appoint' and a.done_at is null and a.authority_id = app.authority_id()
      and (app.school_id() is null or a.school_id = app.school_id())
      and (a.id = any (identity.may_agree_to_appointments(array[p_appointment]))
        or (a.basis = 'first_holder' and a.asked_by = identity.own_account()));
  if v_role = 'school_dsl' then
    insert into public.concern_kept (school_id, concern_id, person_id)
      select c.school_id, c.id, v_person from public.concern c where c.school_id = v_school and c.id = any (p_concerns)
      on conflict do nothing;
  elsif v_role = 'named_officer' then
    insert into public.authority_concern_kept (authority_id, concern_id, person_id)
      select c.authority_id, c.id, v_person from public.authority_concern c where c.authority_id = v_authority
        and c.id = any (p_concerns) on conflict do nothing;
    insert into public.concern_kept (school_id, concern_id, person_id)
      select c.school_id, c.id, v_person from public.concern c join public.school k on k.school_id = c.school_id
        where k.authority_id = v_authority and c.id = any (p_concerns) on conflict do nothing;
  end if;
end""",
        ("wb_school", "wb_authority", "wb_officer"),
    ),
    function(
        "coming_readers",
        "",
        "table (route text, name text)",
        """
begin
  -- Who is asked for as a reader here and does not read yet, by the names on the lists: a concern goes round them too.
  return query select 'dsl', a.name from public.appointment a join public.staff_member m
      on m.school_id = a.school_id and m.id = a.person_id and m.ended_at is null
    where a.school_id = app.school_id() and a.role = 'school_dsl' and a.kind = 'appoint' and a.stopped_at is null
      and a.person_id <> all (identity.acting('school_dsl', app.authority_id(), app.school_id()))
  union all select 'officer', a.name from public.authority_appointment a join public.authority_member m
      on m.authority_id = a.authority_id and m.id = a.person_id and m.ended_at is null
    where a.authority_id = app.authority_id() and a.role = 'named_officer' and a.kind = 'appoint'
      and a.stopped_at is null
      and a.person_id <> all (identity.acting('named_officer', app.authority_id(), null));
end""",
        RAISERS,
    ),
)

CHANGED = (
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
  if v_readers = '{}' then
    -- Nobody reads it at the council either: those who can appoint somebody hear that, and nothing of what it is.
    foreach v_person in array identity.acting('authority_admin', p_authority, null) loop
      perform identity.write_message(p_authority, null, 'nobody_reads_concerns', 'email', v_person,
        'nobody:' || to_char(app.now(), 'YYYY-MM-DD') || ':' || v_person, 3);
    end loop;
  end if;
end""",
        (),
    ),
    function(
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
    or k.school_id in (select c.school_id from public.concern c where c.risk_today = 'yes' and c.read_at is null
      and c.closed_at is null and c.told_at is null and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at,
         c.read_at, c.closed_at));
end""",
        (),
    ),
    function(
        "hand_over_unread",
        "",
        "integer",
        """
declare v_concern uuid; v_count integer := 0;
begin
  -- For the schedule, in one school: what nobody there can read any more goes to the officer.
  if app.school_id() is null then return 0; end if;
  perform identity.hold_place(app.authority_id(), app.school_id());
  for v_concern in select c.id from public.concern c where c.school_id = app.school_id() and c.closed_at is null
    and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
    and identity.readers_of('school_dsl', app.authority_id(), app.school_id(), c.id) = '{}'
  loop
    perform identity.hand_over(app.authority_id(), app.school_id(), v_concern);
    v_count := v_count + 1;
  end loop;
  return v_count;
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
  -- but for what names an officer: of that the school's own readers hear again.
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
  end if;
  return v_count;
end""",
        (),
    ),
    function(
        "unopened_concerns",
        "",
        "table (concern_id uuid, school_id uuid, reference text, raised_at timestamptz)",
        """
begin
  -- For an officer: which schools' urgent concerns nobody has opened. Nothing of what they say.
  return query select c.id, c.school_id, c.reference, c.raised_at from public.concern c
    where c.school_id = any (app.authority_school_ids()) and not c.about_officer
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
      and not exists (select from public.concern_kept p where p.concern_id = c.id and p.person_id = app.person_id())
    order by c.raised_at, c.id;
end""",
        (),
    ),
    function(
        "take_over",
        "p_concern uuid",
        "boolean",
        """
declare v_school uuid; v_name text; v_person uuid;
begin
  -- An officer, of a school of theirs, while it is still unopened; the first of two. The school's readers hear of it.
  select a.name into v_name from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = app.person_id() and m.role = 'named_officer' and m.in_authority = app.authority_id()
      and m.ended_at is null;
  select c.school_id into v_school from public.concern c where c.id = p_concern and not c.about_officer
    and c.school_id = any (app.authority_school_ids())
    and not exists (select from public.concern_kept p where p.concern_id = c.id and p.person_id = app.person_id())
    and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at);
  if v_name is null or v_school is null then return false; end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason, by_name)
    values (v_school, p_concern, app.authority_id(), 'unopened', v_name) on conflict do nothing;
  if not found then return false; end if;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = v_school and r.id = p_concern;
  foreach v_person in array identity.readers_of('school_dsl', app.authority_id(), v_school, p_concern) loop
    perform identity.write_message(app.authority_id(), v_school, 'concern_taken_over', 'email', v_person,
      'concern:' || p_concern || ':' || v_person, 3);
  end loop;
  return true;
end""",
        (),
    ),
)


def upgrade() -> None:
    op.execute(TABLES)
    for table, mine in (("concern_kept", MINE), ("authority_concern_kept", MINE_AT_COUNCIL)):
        access = [
            *(Access(role, "select", mine) for role in RAISERS),
            Access("wb_identity", "select, insert", EVERY_ROW),
        ]
        for statement in protect(table, access):
            op.execute(statement)
    for statement in FOR_HELPER:
        op.execute(statement)
    for table, (column, readers) in READ.items():
        for reader, (rows, verbs) in readers.items():
            kept = f"{rows.format(column)} and {column} <> all ((select app.concerns_kept_from_me())::uuid[])"
            for verb, clause in {
                "select": f"using ({kept})",
                "update": f"using ({kept}) with check ({kept})",
                "insert": f"with check ({kept})",
            }.items():
                if verb[0] in verbs:
                    op.execute(f"alter policy {table}_{reader}_{verb} on {table} {clause}")
    install(FUNCTIONS)
    replace(CHANGED)
