"""Act on "could somebody be hurt today?": text and email everybody on the concern's route, and watch that it is opened.

People at work confirm a mobile number of their own by six digits; it is kept beside their account, where no colleague
can read or change it, and is used for nothing but this. An urgent concern that nobody opened for half an hour is told
to the council's named officers, who may take it over; that is written down and told. A council keeps the number that
answers out of hours.

Risk: none, columns and tables are new; messages of concerns that wait already stay as they are.
Rejected: the number in `staff_member`, which a lead could change to their own; opening a concern to the officer by the
clock alone, which nobody would have decided.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from migrations.functions import SIGNIN, function, install

revision = "0041"
down_revision = "0040"

TABLES = """
alter table authority add column out_of_hours_phone text not null default '';
alter table concern add column told_at timestamptz;
alter table authority_concern add column told_at timestamptz;
alter table concern_receipt add column is_urgent boolean not null default false;
create table identity.work_mobile (
  account_id uuid primary key references identity.account, phone text not null check (phone ~ '^[+][0-9]{8,15}$'),
  confirmed_at timestamptz not null default app.now());
create index concern_urgent on concern (raised_at) where risk_today = 'yes' and read_at is null and closed_at is null;
create index authority_concern_urgent on authority_concern (raised_at)
  where risk_today = 'yes' and read_at is null and closed_at is null;
"""

FOR_IDENTITY = (
    "grant select (risk_today, raised_at, opened_at, read_at, told_at, reference) on concern to wb_identity",
    "grant update (told_at) on concern to wb_identity",
    "create policy concern_identity_update on concern for update to wb_identity using (true) with check (true)",
    "grant select (authority_id, id, risk_today, raised_at, opened_at, read_at, closed_at, told_at)"
    " on authority_concern to wb_identity",
    "grant update (told_at) on authority_concern to wb_identity",
    "create policy authority_concern_identity_select on authority_concern for select to wb_identity using (true)",
    "create policy authority_concern_identity_update on authority_concern for update to wb_identity"
    " using (true) with check (true)",
    "grant select (is_urgent) on concern_receipt to wb_identity",
    "grant select, insert, update, delete on identity.work_mobile to wb_identity",
)

MOBILES = (
    function(
        "own_mobile",
        "p_hash bytea",
        "text",
        """
begin
  return (select w.phone from identity.browser_session s join identity.work_mobile w on w.account_id = s.account_id
    where s.token_hash = p_hash);
end""",
        SIGNIN,
    ),
    function(
        "request_mobile_code",
        "p_hash bytea, p_phone text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea, p_expires_at timestamptz",
        "boolean",
        """
declare v_member identity.membership; v_name text;
begin
  -- Somebody at work, to a number that they say is theirs: nothing is kept of it but this until the code comes back.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role not in ('parent', 'facilitator');
  select a.name into v_name from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_name is null then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'mobile' and t.account_id = v_member.account_id
    and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'mobile', v_member.account_id, v_member.in_authority, v_member.in_school, 'sms', p_phone,
      v_name, p_outbox_id, p_hash, p_code_hash, p_expires_at);
  if v_member.in_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (v_member.in_authority, p_outbox_id, 'mobile_code', 'sms', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, app.now(), p_expires_at, '', app.now());
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_member.in_school, p_outbox_id, 'mobile_code', 'sms', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, app.now(), p_expires_at, '', app.now());
  end if;
  return true;
end""",
        SIGNIN,
    ),
    function(
        "confirm_mobile",
        "p_hash bytea, p_code_hash bytea",
        "boolean",
        """
declare used identity.token;
begin
  -- One statement decides: the code of this browser, once, in time.
  update identity.token t set used_at = app.now() where t.purpose = 'mobile' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    and t.account_id = (select s.account_id from identity.browser_session s where s.token_hash = p_hash)
    returning * into used;
  if not found then return false; end if;
  insert into identity.work_mobile (account_id, phone, confirmed_at) values (used.account_id, used.address, app.now())
    on conflict (account_id) do update set phone = excluded.phone, confirmed_at = excluded.confirmed_at;
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'mobile_confirmed');
  return true;
end""",
        SIGNIN,
    ),
    function(
        "remove_mobile",
        "p_hash bytea",
        "boolean",
        """
begin
  delete from identity.work_mobile w where w.account_id =
    (select s.account_id from identity.browser_session s where s.token_hash = p_hash);
  return found;
end""",
        SIGNIN,
    ),
    function(
        "reader_mobiles",
        "p_people uuid[]",
        "table (person_id uuid, phone text)",
        """
begin
  -- For the moment of sending, in the scope of the message: of people who read concerns there, and of nobody else.
  return query select m.person_id, w.phone from identity.membership m
    join identity.work_mobile w on w.account_id = m.account_id
    where m.person_id = any (p_people) and m.ended_at is null and m.role in ('school_dsl', 'named_officer')
      and m.in_authority = app.authority_id() and m.in_school is not distinct from app.school_id();
end""",
        ("wb_dispatch",),
    ),
)

ROUTES = (
    function(
        "waits_too_long",
        "p_risk text, p_raised timestamptz, p_opened timestamptz, p_read timestamptz, p_closed timestamptz",
        "boolean",
        """
begin
  -- Somebody could be hurt today, and nobody has opened it for half an hour.
  return p_risk = 'yes' and p_opened is null and p_read is null and p_closed is null
    and p_raised <= app.now() - interval '30 minutes';
end""",
        (),
    ),
    function(
        "tell_reader",
        "p_authority uuid, p_school uuid, p_person uuid, p_concern uuid, p_why text",
        "void",
        """
declare v_whom text := case when p_school is null then 'officer' else 'dsl' end;
  v_key text := 'concern:' || p_concern || ':' || p_person;
begin
  -- p_why: 'waits', 'urgent' or 'unopened'. By email always; by text too when it cannot wait and they gave a number.
  if p_why = 'waits' then
    perform identity.write_message(p_authority, p_school, 'concern_received_for_' || v_whom, 'email', p_person, v_key,
      3);
    return;
  end if;
  perform identity.write_message(p_authority, p_school, 'concern_' || p_why || '_for_' || v_whom, 'email', p_person,
    v_key, 3);
  if exists (select from identity.membership m join identity.work_mobile w on w.account_id = m.account_id
    where m.person_id = p_person and m.ended_at is null and m.in_authority = p_authority
      and m.in_school is not distinct from p_school)
  then
    perform identity.write_message(p_authority, p_school, 'concern_' || p_why || '_for_' || v_whom, 'sms', p_person,
      v_key, 1);
  end if;
end""",
        (),
    ),
    function(
        "tell_officers",
        "p_authority uuid, p_concern uuid, p_why text",
        "void",
        """
declare v_person uuid; v_readers uuid[] := identity.acting('named_officer', p_authority, null);
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
        "hand_over",
        "p_authority uuid, p_school uuid, p_concern uuid",
        "void",
        """
declare v_risk text;
begin
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  select c.risk_today into v_risk from public.concern c where c.school_id = p_school and c.id = p_concern;
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'yes' then 'urgent' else 'waits' end);
end""",
        (),
    ),
    function(
        "announce_concern",
        "p_concern uuid",
        "text",
        """
declare v_route text; v_why text; v_person uuid; v_readers uuid[];
begin
  -- Only of one's own concern, in one's own school. Who raises it need not know who reads it.
  perform identity.hold_place(app.authority_id(), app.school_id());
  select r.goes_to, case when r.is_urgent then 'urgent' else 'waits' end into v_route, v_why
    from public.concern_receipt r
    where r.school_id = app.school_id() and r.id = p_concern and r.raised_by_id = app.person_id();
  if v_route is null then return null; end if;
  if v_route = 'officer' then
    perform identity.tell_officers(app.authority_id(), p_concern, v_why);
    return 'officer';
  end if;
  v_readers := identity.acting('school_dsl', app.authority_id(), app.school_id());
  if v_readers = '{}' then
    perform identity.hand_over(app.authority_id(), app.school_id(), p_concern);
    return 'officer';
  end if;
  foreach v_person in array v_readers loop
    perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, p_concern, v_why);
  end loop;
  return 'dsl';
end""",
        ("wb_school", "wb_facilitator", "wb_parent"),
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
    or k.school_id in (select c.school_id from public.concern c where c.risk_today = 'yes' and c.read_at is null
      and c.closed_at is null and c.told_at is null and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at,
         c.read_at, c.closed_at));
end""",
        ("wb_documents",),
    ),
    function(
        "authorities_to_look_after",
        "",
        "uuid[]",
        """
begin
  return coalesce((select array_agg(distinct c.authority_id) from public.authority_concern c
    where c.risk_today = 'yes' and c.read_at is null and c.closed_at is null and c.told_at is null
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)), '{}');
end""",
        ("wb_documents",),
    ),
    function(
        "tell_of_unopened",
        "",
        "integer",
        """
declare v_concern uuid; v_count integer := 0;
begin
  -- For the schedule, in one school or one authority: each once. Officers hear of a school's and may take them over.
  if app.school_id() is not null then
    for v_concern in update public.concern c set told_at = app.now() where c.school_id = app.school_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id
    loop
      perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
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
        ("wb_documents",),
    ),
    function(
        "unopened_concerns",
        "",
        "table (concern_id uuid, school_id uuid, reference text, raised_at timestamptz)",
        """
begin
  -- For an officer: which schools' urgent concerns nobody has opened. Nothing of what they say.
  return query select c.id, c.school_id, c.reference, c.raised_at from public.concern c
    where c.school_id = any (app.authority_school_ids())
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
    order by c.raised_at, c.id;
end""",
        ("wb_officer",),
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
  select c.school_id into v_school from public.concern c where c.id = p_concern
    and c.school_id = any (app.authority_school_ids())
    and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at);
  if v_name is null or v_school is null then return false; end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason, by_name)
    values (v_school, p_concern, app.authority_id(), 'unopened', v_name) on conflict do nothing;
  if not found then return false; end if;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = v_school and r.id = p_concern;
  foreach v_person in array identity.acting('school_dsl', app.authority_id(), v_school) loop
    perform identity.write_message(app.authority_id(), v_school, 'concern_taken_over', 'email', v_person,
      'concern:' || p_concern || ':' || v_person, 3);
  end loop;
  return true;
end""",
        ("wb_officer",),
    ),
)

PURPOSES = text(
    "select pg_get_expr(conbin, conrelid) from pg_constraint where conname = 'token_purpose_check'"
)
REPLACED = (
    "tell_officers(uuid, uuid)",
    "hand_over(uuid, uuid, uuid)",
    "announce_concern(uuid)",
    "schools_to_look_after()",
)


def upgrade() -> None:
    op.execute(TABLES)
    for statement in FOR_IDENTITY:
        op.execute(statement)
    # One purpose more, whatever others there are by now.
    known = op.get_bind().execute(PURPOSES).scalar_one()
    op.execute("alter table identity.token drop constraint token_purpose_check")
    op.execute(
        f"alter table identity.token add constraint token_purpose_check check ({known} or purpose = 'mobile')"
    )
    for signature in REPLACED:
        op.execute(f"drop function identity.{signature}")
    install((*MOBILES, *ROUTES))
