"""Count people who can act, and let a concern that reaches nobody at school go to the council's named officer.

Who reads concerns is asked of accounts: accepted, not closed, with a way in. The same question names the reader on the
form, addresses the message, and keeps the last one from being removed, under one lock a place. A concern stays where
it was written; a row of `concern_handover` opens it to the officer and says why.

Risk: policies of concerns change for one audience, the officer, who reads none more until one is handed over.
Rejected: moving a concern to the officer's table, which would hide it from the next safeguarding lead; counting rows of
`staff_member`, who may be invited only, or have lost every way in.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install
from tenants.ddl import AUTHORITY, EVERY_ROW, SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0040"
down_revision = "0039"

RAISERS = ("wb_school", "wb_facilitator", "wb_parent")
EVERYBODY = (*RAISERS, "wb_authority", "wb_officer")
HANDED = f"{SCHOOLS_OF_AUTHORITY} and id = any ((select app.handed_concern_ids())::uuid[])"
HANDED_ACTIONS = f"{SCHOOLS_OF_AUTHORITY} and concern_id = any ((select app.handed_concern_ids())::uuid[])"

TABLES = """
alter table concern add column opened_at timestamptz;
alter table authority_concern add column opened_at timestamptz;
alter table concern drop constraint concern_goes_to_dsl;
alter table concern add constraint concern_goes_to_dsl check (about in ('child', 'adult', 'not_sure'));
alter table authority_concern drop constraint authority_concern_goes_to_officer;
alter table authority_concern add constraint authority_concern_goes_to_officer
  check (about in ('staff', 'school', 'facilitator', 'adult', 'not_sure'));
create table concern_handover (
  school_id uuid not null, concern_id uuid not null, authority_id uuid not null references authority,
  reason text not null check (reason in ('no_reader', 'unopened')),
  by_name text not null default '', at timestamptz not null default app.now(),
  primary key (school_id, concern_id),
  foreign key (school_id, concern_id) references concern (school_id, id));
create index concern_open on concern (school_id) where closed_at is null;
create index concern_handover_by_authority on concern_handover (authority_id, at);
"""

FOR_HELPER = (
    "create policy concern_handover_helper_select on concern_handover for select to wb_helper using (true)",
    "grant select (authority_id, concern_id) on concern_handover to wb_helper",
    """
create function app.handed_concern_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(h.concern_id), '{}') from public.concern_handover h
          where h.authority_id = (select app.authority_id()))""",
    "grant execute on function app.handed_concern_ids() to wb_officer",
    "alter function app.handed_concern_ids() owner to wb_helper",
)

#: What wb_identity, which owns the functions below, may read and write of these tables.
FOR_IDENTITY = {
    "concern": ("select", "school_id, id, closed_at"),
    "concern_receipt": ("select", "school_id, id, raised_by_id, goes_to"),
}

FUNCTIONS = (
    # ---- asked by the functions below alone: nobody else may
    function(
        "ways_in",
        "p_account uuid",
        "bigint",
        """
begin
  -- The one place that counts how somebody at work can come in.
  return (select (a.password_hash is not null)::int
      + (select count(*) from identity.passkey k where k.account_id = a.id)
      + (select count(*) from identity.federated_identity f where f.account_id = a.id)
    from identity.account a where a.id = p_account and a.disabled_at is null);
end""",
        (),
    ),
    function(
        "acting",
        "p_role text, p_authority uuid, p_school uuid",
        "uuid[]",
        """
begin
  -- People who hold this role there and can sign in, those who have held it longest first.
  return coalesce((select array_agg(m.person_id order by m.created_at, m.id) from identity.membership m
    where m.role = p_role and m.in_authority = p_authority and m.in_school is not distinct from p_school
      and m.ended_at is null and case when p_role in ('parent', 'facilitator')
        then exists (select from identity.account a where a.id = m.account_id and a.disabled_at is null
          and coalesce(a.email, a.phone) is not null)
        else coalesce(identity.ways_in(m.account_id), 0) > 0 end), '{}');
end""",
        (),
    ),
    function(
        "hold_place",
        "p_authority uuid, p_school uuid",
        "void",
        """
begin
  -- Whoever counts people of a place, or changes who they are, waits for the other.
  perform pg_advisory_xact_lock(hashtextextended('people:' || coalesce(p_school, p_authority)::text, 0));
end""",
        (),
    ),
    function(
        "write_message",
        "p_authority uuid, p_school uuid, p_kind text, p_channel text, p_person uuid, p_key text, p_days integer",
        "void",
        """
begin
  -- Ids alone. To a school's people through its outbox, to the council's through theirs; the same once.
  if p_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (p_authority, gen_random_uuid(), p_kind, p_channel, 'member', p_person, p_key, 'queued', 0, app.now(),
        app.now() + make_interval(days => p_days), '', app.now())
      on conflict do nothing;
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (p_school, gen_random_uuid(), p_kind, p_channel, 'staff', p_person, p_key, 'queued', 0, app.now(),
        app.now() + make_interval(days => p_days), '', app.now())
      on conflict do nothing;
  end if;
end""",
        (),
    ),
    function(
        "tell_officers",
        "p_authority uuid, p_concern uuid",
        "void",
        """
declare v_person uuid; v_readers uuid[] := identity.acting('named_officer', p_authority, null);
begin
  foreach v_person in array v_readers loop
    perform identity.write_message(p_authority, null, 'concern_received_for_officer', 'email', v_person,
      'concern:' || p_concern || ':' || v_person, 3);
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
        "hand_over",
        "p_authority uuid, p_school uuid, p_concern uuid",
        "void",
        """
begin
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  perform identity.tell_officers(p_authority, p_concern);
end""",
        (),
    ),
    # ---- for audiences: each looks at its scope and at nothing that it is handed but a concern of that scope
    function(
        "readers",
        "",
        "table (route text, person_id uuid, name text)",
        """
begin
  -- Who reads what is raised here, by the names of the accounts that will read it.
  return query select case m.role when 'school_dsl' then 'dsl' else 'officer' end, m.person_id, a.name
    from identity.membership m join identity.account a on a.id = m.account_id
    where m.in_authority = app.authority_id() and m.ended_at is null and identity.ways_in(a.id) > 0
      and ((m.role = 'school_dsl' and m.in_school = app.school_id()) or m.role = 'named_officer')
    order by m.created_at, m.id;
end""",
        EVERYBODY,
    ),
    function(
        "acting_people",
        "p_school uuid, p_role text",
        "uuid[]",
        """
begin
  -- Those who hold this role and can sign in: in one's own school, in a school of one's authority, or (no school) in
  -- the authority itself.
  if current_setting('role') in ('wb_school', 'wb_dsl') and p_school is distinct from app.school_id()
    or p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids())
  then raise insufficient_privilege; end if;
  return identity.acting(p_role, app.authority_id(), p_school);
end""",
        ("wb_school", "wb_authority"),
    ),
    function(
        "schools_without_reader",
        "",
        "uuid[]",
        """
begin
  return coalesce((select array_agg(k.school_id) from public.school k where k.authority_id = app.authority_id()
    and k.stage in ('active', 'paused') and identity.acting('school_dsl', k.authority_id, k.school_id) = '{}'), '{}');
end""",
        ("wb_authority", "wb_officer"),
    ),
    function(
        "announce_concern",
        "p_concern uuid",
        "text",
        """
declare v_route text; v_person uuid; v_readers uuid[];
begin
  -- Only of one's own concern, in one's own school. Who raises it need not know who reads it.
  perform identity.hold_place(app.authority_id(), app.school_id());
  select r.goes_to into v_route from public.concern_receipt r
    where r.school_id = app.school_id() and r.id = p_concern and r.raised_by_id = app.person_id();
  if v_route is null then return null; end if;
  if v_route = 'officer' then
    perform identity.tell_officers(app.authority_id(), p_concern);
    return 'officer';
  end if;
  v_readers := identity.acting('school_dsl', app.authority_id(), app.school_id());
  if v_readers = '{}' then
    perform identity.hand_over(app.authority_id(), app.school_id(), p_concern);
    return 'officer';
  end if;
  foreach v_person in array v_readers loop
    perform identity.write_message(app.authority_id(), app.school_id(), 'concern_received_for_dsl', 'email', v_person,
      'concern:' || p_concern || ':' || v_person, 3);
  end loop;
  return 'dsl';
end""",
        RAISERS,
    ),
    function(
        "schools_to_look_after",
        "",
        "table (school_id uuid, authority_id uuid)",
        """
begin
  -- For the schedule, which then enters each: schools with an open concern that nobody there can read.
  return query select k.school_id, k.authority_id from public.school k
    where k.school_id in (select c.school_id from public.concern c where c.closed_at is null
        and not exists (select from public.concern_handover h
          where h.school_id = c.school_id and h.concern_id = c.id))
      and identity.acting('school_dsl', k.authority_id, k.school_id) = '{}';
end""",
        ("wb_documents",),
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
  if identity.acting('school_dsl', app.authority_id(), app.school_id()) <> '{}' then return 0; end if;
  for v_concern in select c.id from public.concern c where c.school_id = app.school_id() and c.closed_at is null
    and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
  loop
    perform identity.hand_over(app.authority_id(), app.school_id(), v_concern);
    v_count := v_count + 1;
  end loop;
  return v_count;
end""",
        ("wb_documents",),
    ),
)

#: Ending a role, closing an account: both are refused while it would leave nobody who can act.
GUARD = function(
    "guard_last",
    "",
    "trigger",
    """
begin
  if old.ended_at is not null or new.ended_at is null
    or old.role not in ('school_lead', 'school_dsl', 'named_officer', 'authority_admin') then return new; end if;
  perform identity.hold_place(old.in_authority, old.in_school);
  -- A school that has not begun, or has left, needs nobody to be there.
  if old.in_school is not null and not exists (select from public.school k where k.school_id = old.in_school
    and k.stage in ('active', 'paused')) then return new; end if;
  if array_remove(identity.acting(old.role, old.in_authority, old.in_school), old.person_id) = '{}' then
    raise check_violation using constraint = 'somebody_must_act', message = 'nobody else can act as ' || old.role;
  end if;
  return new;
end""",
    ("wb_owner",),
)


def upgrade() -> None:
    op.execute(TABLES)
    for table, (verb, columns) in FOR_IDENTITY.items():
        op.execute(f"grant {verb} ({columns}) on {table} to wb_identity")
        op.execute(f"create policy {table}_identity_{verb} on {table} for {verb} to wb_identity using (true)")
    op.execute("grant update (goes_to) on concern_receipt to wb_identity")
    op.execute(
        "create policy concern_receipt_identity_update on concern_receipt for update to wb_identity"
        " using (true) with check (goes_to = 'officer')"
    )
    access = [
        Access("wb_officer", "select", AUTHORITY),
        Access("wb_dsl", "select", SCHOOL),
        Access("wb_identity", "select, insert", EVERY_ROW),
    ]
    for statement in protect("concern_handover", access):
        op.execute(statement)
    for statement in FOR_HELPER:
        op.execute(statement)
    for table, rows, verbs in (
        ("concern", HANDED, {"select": "using", "update": "using"}),
        ("concern_action", HANDED_ACTIONS, {"select": "using", "insert": "with check"}),
    ):
        for verb, clause in verbs.items():
            check = f" with check ({rows})" if verb == "update" else ""
            op.execute(f"grant {verb} on {table} to wb_officer")
            op.execute(
                f"create policy {table}_officer_{verb} on {table} for {verb} to wb_officer {clause} ({rows}){check}"
            )
    # A concern's message is written with the concern, by the function: raisers need no right to the council's outbox.
    for role in RAISERS:
        short = role.removeprefix("wb_")
        op.execute(f"drop policy authority_outbox_{short}_insert on authority_outbox")
        op.execute(f"revoke insert on authority_outbox from {role}")
    # Nothing can be written twice; who writes for somebody else may not read what was there.
    install((*FUNCTIONS, GUARD))
    op.execute(
        "create trigger membership_last before update of ended_at on identity.membership"
        " for each row execute function identity.guard_last()"
    )
