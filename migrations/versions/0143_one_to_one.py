"""A parent asks to be called: by somebody who leads their group, or by the school's named contact.

A call is asked for in two choices and no words: what it is about, from a short list, and which part of the day. Whoever
is asked reads that, and nobody else: what is asked of somebody who leads stands before no colleague of the school, by
the row policies, and also not before others who lead. Staff read only how many such calls are late, and whose they are.

It is written by a function: only those may be asked whom this parent is shown already. When they lead the group no
more, or the group is over, the request leaves their sight, and goes to the school by the parent's own press alone.

Risk: none for rows that are there. Rejected: a free line for what it is about (it would name a child); one queue for
everybody at the school; moving a call on without the parent's word.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import LED_COHORT, OWN_PARENT, SCHOOL, Access, protect

revision = "0143"
down_revision = "0142"

TABLE = """
create table call_request (
  school_id uuid not null references school (school_id),
  id uuid not null,
  parent_id uuid not null,
  cohort_id uuid,
  facilitator_id uuid,
  owner_id uuid,
  caller_name text not null,
  need text not null,
  times text[] not null,
  state text not null default 'open',
  asked_at timestamptz not null default app.now(),
  call_by date not null,
  try_on date,
  tries integer not null default 0,
  outcome text,
  noted_at timestamptz,
  ended_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id),
  foreign key (school_id, owner_id) references staff_member (school_id, id),
  constraint call_request_one_asked check ((cohort_id is null) = (facilitator_id is null)
    and (owner_id is null or facilitator_id is null)),
  constraint call_request_need check (
    need in ('getting_to_school', 'big_feelings', 'extra_help', 'talking_with_school', 'myself', 'where_to_turn')),
  constraint call_request_times check (times <@ array['morning', 'afternoon', 'evening'] and times <> '{}'),
  constraint call_request_state check (state in ('open', 'asks_back', 'done', 'taken_back')),
  constraint call_request_outcome check (outcome in ('spoke', 'no_answer', 'passed_on', 'not_needed')),
  constraint call_request_ended check ((ended_at is null) = (state in ('open', 'asks_back'))));
create unique index call_request_one_open on call_request (school_id, parent_id, coalesce(facilitator_id, school_id))
  where state in ('open', 'asks_back');
"""
WHOM = """
create function app.whom_i_may_ask() returns table (cohort_id uuid, facilitator_id uuid, name text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select one.cohort_id, one.facilitator_id, one.name from (
      select e.cohort_id, l.facilitator_id, coalesce(nullif(k.known_as, ''), nullif(k.first_name, ''),
          case when f.name ~* '^(mr|mrs|ms|miss|mx|dr|prof)\\.?\\s+\\S+$' then ''
          else split_part(regexp_replace(btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\\.?\\s+', '', 'i'), ' ', 1)
          end) as name
        from public.enrolment e
        join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
        join public.cohort_facilitator l on l.school_id = e.school_id and l.cohort_id = e.cohort_id
        join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id and f.stage <> 'withdrawn'
        left join public.parent_contact k on k.school_id = f.school_id and k.parent_id = f.parent_id
        where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())
          and e.status = 'in_group' and e.cohort_id = any ((select app.joined_cohort_ids())::uuid[])
          and f.parent_id is distinct from e.parent_id) one
      where one.name <> '' order by one.name, one.facilitator_id;
  end"""
ASK = """
create function app.ask_for_call(p_call_id uuid, p_facilitator_id uuid, p_need text, p_times text[], p_call_by date)
  returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_cohort_id uuid; v_name text; v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  if identity.my_way_since() = 'infinity' or p_call_by not between v_today and v_today + 120 or not exists (
      select from public.parent p
        join public.parent_contact k on k.school_id = p.school_id and k.parent_id = p.id and k.phone <> ''
        join public.school s on s.school_id = p.school_id and s.stage in ('active', 'paused')
        where p.school_id = app.school_id() and p.id = app.person_id() and p.stage not in ('said_no', 'left')) then
    return false;
  end if;
  if p_facilitator_id is null then
    select s.contact_name into v_name from public.school s where s.school_id = app.school_id();
  else
    select w.cohort_id, w.name into v_cohort_id, v_name from app.whom_i_may_ask() w
      where w.facilitator_id = p_facilitator_id limit 1;
  end if;
  if coalesce(v_name, '') = '' then return false; end if;
  update public.call_request r set state = 'taken_back', ended_at = app.now()
    where r.school_id = app.school_id() and r.parent_id = app.person_id() and r.state in ('open', 'asks_back')
      and r.asked_at <= identity.my_way_since();
  insert into public.call_request
      (school_id, id, parent_id, cohort_id, facilitator_id, caller_name, need, times, call_by)
    values (app.school_id(), p_call_id, app.person_id(), v_cohort_id, p_facilitator_id, v_name, p_need, p_times,
      p_call_by)
    on conflict do nothing;
  return found;
end
$function$"""
TO_SCHOOL = """
create function app.hand_my_call_to_school(p_call_id uuid, p_call_by date) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  update public.call_request r
    set cohort_id = null, facilitator_id = null, caller_name = s.contact_name, state = 'open', call_by = p_call_by,
      try_on = null, tries = 0, outcome = null, noted_at = null
    from public.school s
    where p_call_by >= (app.now() at time zone 'Europe/London')::date
      and p_call_by <= (app.now() at time zone 'Europe/London')::date + 120
      and r.school_id = app.school_id() and r.parent_id = app.person_id() and r.id = p_call_id
      and r.asked_at > identity.my_way_since() and r.state in ('open', 'asks_back') and r.facilitator_id is not null
      and s.school_id = r.school_id and s.contact_name <> '' and s.stage in ('active', 'paused')
      and not exists (select from public.call_request o where o.school_id = r.school_id and o.parent_id = r.parent_id
        and o.facilitator_id is null and o.state in ('open', 'asks_back'));
  return found;
end
$function$"""
#: Who of the school's people makes its calls: the named contact, where they work here; else whoever leads.
MAKES = """
create function app.call_makers() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(nullif(array_agg(m.id order by m.id) filter (where m.is_contact), '{}'),
        array_agg(m.id order by m.id) filter (where m.role = 'school_lead'), '{}')
      from (select m.id, m.role, (lower(m.email) = lower(s.contact_email) and s.contact_email <> '')
            or lower(btrim(m.name)) = lower(btrim(s.contact_name)) as is_contact
          from public.staff_member m join public.school s on s.school_id = m.school_id
          where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null) m;
  end"""
#: Of somebody who leads: how many of their calls are late, and since when. Not of whom, and not about what.
LATE = """
create function app.late_calls_of_leaders() returns table (caller_name text, calls bigint, since date)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select r.caller_name, count(*), min(coalesce(r.try_on, r.call_by)) from public.call_request r
      join public.cohort c on c.school_id = r.school_id and c.id = r.cohort_id and c.state in ('forming', 'running')
      join public.cohort_facilitator l on l.school_id = r.school_id and l.cohort_id = r.cohort_id
        and l.facilitator_id = r.facilitator_id
      where r.school_id = (select app.school_id()) and r.state = 'open'
        and coalesce(r.try_on, r.call_by) < (app.now() at time zone 'Europe/London')::date
      group by r.facilitator_id, r.caller_name order by 3, 1;
  end"""
#: Whose caller can call no more: they lead the group no longer, the parent has left it, or it is over.
LEFT = """
create function app.calls_left_alone() returns table (id uuid, parent_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select r.id, r.parent_id from public.call_request r
      where r.school_id = (select app.school_id()) and r.state = 'open' and r.facilitator_id is not null
        and not exists (select from public.cohort_facilitator l
          join public.cohort c on c.school_id = l.school_id and c.id = l.cohort_id and c.state in ('forming', 'running')
          join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id and f.stage <> 'withdrawn'
          join public.enrolment e on e.school_id = l.school_id and e.cohort_id = l.cohort_id
            and e.parent_id = r.parent_id and e.status = 'in_group'
          where l.school_id = r.school_id and l.cohort_id = r.cohort_id and l.facilitator_id = r.facilitator_id);
  end"""
#: Whoever said no, or left, is called by nobody.
ENDS = """
create function app.call_ends_with_no() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  update public.call_request r set state = 'taken_back', ended_at = app.now()
    where r.school_id = new.school_id and r.parent_id = new.id and r.state in ('open', 'asks_back');
  return null;
end
$function$"""
TRIGGER = """
create trigger call_ends_with_no after update of stage on parent
  for each row when (new.stage in ('said_no', 'left') and old.stage is distinct from new.stage)
  execute function app.call_ends_with_no()"""
#: Nobody has called by the day that the parent was told, and nobody noted a try.
LATE_ONES = """
create function app.late_calls() returns table (id uuid, parent_id uuid, call_by date)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select r.id, r.parent_id, r.call_by from public.call_request r
      where r.school_id = (select app.school_id()) and r.state = 'open' and r.tries = 0
        and r.call_by < (app.now() at time zone 'Europe/London')::date;
  end"""
#: What parents do is in nobody's trail but their own; that one was called says that they asked.
OWN = (
    "cohorts:absence:said",
    "cohorts:absence:taken_back",
    "cohorts:topics:voted",
    "measures:answer:saved",
    "measures:answers:sent",
    "meetings:first_visit:called",
    "meetings:first_visit:wished",
    "meetings:missed:chosen",
    "one_to_one:call:asked",
    "one_to_one:call:handed_on",
    "one_to_one:call:noted",
    "one_to_one:call:taken_back",
    "privacy:own_data:opened",
    "privacy:own_data:taken",
    "recruitment:consent:chosen",
    "recruitment:sealed:erased",
    "themes:reply:rated",
    "themes:theme:approved",
    "themes:theme:proposed",
    "themes:theme:said",
    "themes:theme:withdrawn",
)
#: Messages that say who came, what somebody chose, or that they asked to be called.
KINDS = (
    "we_missed_you",
    "halfway",
    "choose_topics",
    "invite_to_lead",
    "call_asked_for",
    "call_to_make",
    "call_late",
    "call_news",
)
SINCE = f"{OWN_PARENT} and asked_at > (select identity.my_way_since())"
THEIRS = (
    f"{LED_COHORT} and facilitator_id = (select app.person_id())"
    " and parent_id = any ((select app.led_parent_ids())::uuid[]) and state <> 'taken_back'"
)
OF_SCHOOL = f"{SCHOOL} and facilitator_id is null and state <> 'taken_back'"
FUNCTIONS = (
    ("app.whom_i_may_ask()", WHOM, "wb_parent"),
    ("app.ask_for_call(uuid, uuid, text, text[], date)", ASK, "wb_parent"),
    ("app.hand_my_call_to_school(uuid, date)", TO_SCHOOL, "wb_parent"),
    ("app.call_makers()", MAKES, "wb_school, wb_documents"),
    ("app.late_calls_of_leaders()", LATE, "wb_school"),
    ("app.late_calls()", LATE_ONES, "wb_documents"),
    ("app.calls_left_alone()", LEFT, "wb_documents"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect(
        "call_request",
        [
            Access("wb_parent", "select", SINCE),
            Access("wb_facilitator", "select", THEIRS),
            Access("wb_school", "select", OF_SCHOOL),
            Access("wb_helper", "select, insert, update", "true"),
        ],
    ):
        op.execute(statement)
    op.execute(
        "grant select (school_id, id, facilitator_id, owner_id, state, call_by) on call_request"
        " to wb_documents"
    )
    op.execute(
        f"create policy call_request_documents_select on call_request for select to wb_documents using ({SCHOOL})"
    )
    op.execute("grant select (school_id, id, facilitator_id, owner_id, state) on call_request to wb_dispatch")
    op.execute(
        f"create policy call_request_dispatch_select on call_request for select to wb_dispatch using ({SCHOOL})"
    )
    op.execute("grant select (email, name, role, accepted_at, ended_at) on staff_member to wb_helper")
    for role, columns, rows, writes in (
        (
            "parent",
            "state, ended_at",
            f"{SINCE} and state in ('open', 'asks_back')",
            f"{OWN_PARENT} and state = 'taken_back'",
        ),
        (
            "facilitator",
            "state, try_on, tries, outcome, noted_at, ended_at",
            f"{THEIRS} and state = 'open'",
            f"{THEIRS} and outcome is not null",
        ),
        (
            "school",
            "owner_id, caller_name, state, call_by, try_on, tries, outcome, noted_at, ended_at",
            f"{OF_SCHOOL} and state = 'open'",
            f"{OF_SCHOOL} and outcome is not null",
        ),
    ):
        op.execute(f"grant update ({columns}) on call_request to wb_{role}")
        op.execute(
            f"create policy call_request_{role}_update on call_request for update to wb_{role}"
            f" using ({rows}) with check ({writes})"
        )
    for name, text, roles in FUNCTIONS:
        op.execute(text)
        op.execute(f"grant execute on function {name} to {roles}")
        op.execute(f"alter function {name} owner to wb_helper")
    op.execute(ENDS)
    op.execute(TRIGGER)
    op.execute("alter function app.call_ends_with_no() owner to wb_helper")
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"alter policy outbox_school_select on outbox using ({SCHOOL} and kind not in ({kinds}))")
    events = ", ".join(f"'{event}'" for event in OWN)
    op.execute(
        f"alter policy audit_event_school_select on audit_event using ({SCHOOL} and event not in ({events}))"
    )
