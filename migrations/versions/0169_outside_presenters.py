"""Book an outside presenter for a session of a group, who answers by a link and has no account.

From time to time somebody from outside talks to a group. Until now they were asked by telephone, and nobody told them
when a session moved. Staff and those who lead book them; a secret in the link opens the page of their booking, of
which the row keeps the hash. The page is read and answered through two functions that tell of the session and the
school, and of nobody in the group; an answer counts for the day and hour that were on the page. Parents read the
organisation and the subject through a third, once the presenter said yes; no name and no contact. The schedule finds
what became of a session by looking, tells, reminds, thanks, and deletes a booking four weeks after its session.

Risk: the outboxes' check of who a message is for is widened; the code of before writes none of the new kind.
Rejected: an account for a presenter (they come once), a trigger on sessions that writes messages, and the hash in
`identity` (it opens nothing that whoever reads the row does not read there).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install
from tenants.ddl import EVERY_ROW, LED_COHORT, SCHOOL, Access, protect

revision = "0169"
down_revision = "0168"

TABLE = """
create table presenter (
  school_id uuid not null references school (school_id),
  id uuid not null,
  cohort_id uuid not null,
  session_id uuid not null,
  name text not null,
  organisation text not null,
  email text not null,
  phone text not null default '',
  topic text not null,
  needs text not null default '',
  door text not null,
  after_minutes integer not null,
  for_minutes integer not null,
  state text not null default 'asked',
  on_date date not null,
  starts_at time not null,
  room text not null,
  booked_by_name text not null,
  booked_at timestamptz not null default app.now(),
  answered_at timestamptz,
  reminded_for date,
  thanked_at timestamptz,
  link_hash bytea not null,
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, session_id) references cohort_session (school_id, id),
  constraint presenter_state check (state in ('asked', 'yes', 'no', 'off', 'taken_back')),
  constraint presenter_times check (after_minutes >= 0 and for_minutes > 0),
  constraint presenter_words check (char_length(topic) <= 120 and char_length(needs) <= 120
    and char_length(door) <= 120 and char_length(organisation) <= 120));
create index presenter_by_session on presenter (school_id, session_id);
create index presenter_by_cohort on presenter (school_id, cohort_id);
create index presenter_by_link on presenter (link_hash);
create trigger presenter_keys before update of cohort_id, session_id on presenter
  for each row execute function app.keys_never_move('cohort_id', 'session_id');
"""
MINE = """
create function app.my_presenters()
  returns table (session_id uuid, organisation text, topic text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select p.session_id, p.organisation, p.topic
    from public.presenter p
    join public.cohort_session s on s.school_id = p.school_id and s.id = p.session_id and s.state = 'planned'
      and s.on_date = p.on_date and s.starts_at = p.starts_at
    where p.school_id = (select app.school_id()) and p.state = 'yes'
      and p.cohort_id = any ((select app.joined_cohort_ids())::uuid[])
    order by p.after_minutes, p.id;
  end
"""
OPEN = function(
    "open_presenting",
    "p_hash bytea",
    "table (name text, talk text, needs text, door text, stands text, on_date date, starts_at time, begins time,"
    " ends time, room text, format text, school_name text, address text, phone text, join_link text)",
    """
begin
  -- What whoever holds the link of a booking may know: where and when, and nothing of a group or anybody in it.
  return query
    with found as (
      select p.*, s.on_date as is_on, s.starts_at as starts, s.ends_at as finishes, s.room as meets_in,
          s.format as how, s.state as meeting_state, c.state as group_state, sc.stage, sc.name as named,
          sc.address as lies, sc.room as usual_room, coalesce(nullif(sc.contact_phone, ''), sc.phone) as rings, l.link,
          (s.on_date + s.starts_at) at time zone 'Europe/London' as starts_moment,
          (s.on_date + s.ends_at) at time zone 'Europe/London' as ends_moment
        from public.presenter p
        join public.cohort_session s on s.school_id = p.school_id and s.id = p.session_id
        join public.cohort c on c.school_id = p.school_id and c.id = p.cohort_id
        join public.school sc on sc.school_id = p.school_id
        left join public.cohort_join_link l on l.school_id = p.school_id and l.cohort_id = p.cohort_id
        where p.link_hash = p_hash),
    standing as (
      select f.*, case
          when f.state = 'taken_back' then 'taken_back'
          when f.meeting_state = 'cancelled' or f.stage not in ('active', 'paused')
            or f.group_state = 'cancelled' and f.meeting_state = 'planned' then 'off'
          when f.meeting_state <> 'planned' or f.ends_moment <= app.now() then 'over'
          when f.state = 'off' or (f.state = 'yes' and (f.is_on, f.starts) <> (f.on_date, f.starts_at)) then 'asked'
          else f.state end as is_now
        from found f)
    select t.name, t.topic, t.needs, t.door, t.is_now, t.is_on, t.starts,
        t.starts + make_interval(mins => t.after_minutes),
        t.starts + make_interval(mins => t.after_minutes + t.for_minutes),
        coalesce(nullif(t.meets_in, ''), t.usual_room), t.how, t.named, t.lies, t.rings,
        case when t.is_now = 'yes' and t.how <> 'room' and app.now() >= t.starts_moment - interval '2 hours'
          then coalesce(t.link, '') else '' end
      from standing t limit 1;
end""",
    ("wb_web",),
)
ANSWER = function(
    "answer_presenting",
    "p_hash bytea, p_answer text, p_on date, p_starts time",
    "boolean",
    """
begin
  -- It counts for the day and hour that they were looking at, until the session begins.
  update public.presenter p set state = p_answer, answered_at = app.now(), on_date = s.on_date,
      starts_at = s.starts_at, room = s.room
    from public.cohort_session s
    join public.cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')
    join public.school sc on sc.school_id = s.school_id and sc.stage in ('active', 'paused')
    where p.link_hash = p_hash and p_answer in ('yes', 'no') and p.state <> 'taken_back'
      and s.school_id = p.school_id and s.id = p.session_id and s.state = 'planned'
      and s.on_date = p_on and s.starts_at = p_starts
      and (s.on_date + s.starts_at) at time zone 'Europe/London' > app.now();
  return found;
end""",
    ("wb_web",),
)
KINDS = "recipient_kind in ('parent', 'facilitator', 'staff', 'member', 'token', 'presenter')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table in ("outbox", "authority_outbox"):
        op.execute(
            f"alter table {table} drop constraint {table}_recipient_kind_check,"
            f" add constraint {table}_recipient_kind_check check ({KINDS}) not valid"
        )
        op.execute(f"alter table {table} validate constraint {table}_recipient_kind_check")
    op.execute(TABLE)
    for statement in protect(
        "presenter",
        [
            Access("wb_school", "select, insert", SCHOOL),
            Access("wb_facilitator", "select, insert", LED_COHORT),
            Access("wb_dispatch", "select", SCHOOL),
            Access("wb_documents", "select, delete", SCHOOL),
        ],
    ):
        op.execute(statement)
    for role, rows in (("wb_school", SCHOOL), ("wb_facilitator", LED_COHORT)):
        op.execute(f"grant update (state) on presenter to {role}")
        op.execute(
            f"create policy presenter_{role.removeprefix('wb_')}_update on presenter for update to {role}"
            f" using ({rows}) with check ({rows} and state = 'taken_back')"
        )
    op.execute(
        "grant update (state, on_date, starts_at, room, answered_at, reminded_for, thanked_at) on presenter"
        " to wb_documents"
    )
    op.execute(
        "create policy presenter_documents_update on presenter for update to wb_documents"
        f" using ({SCHOOL}) with check ({SCHOOL})"
    )
    op.execute(
        "grant select (school_id, id, cohort_id, session_id, organisation, topic, state, on_date, starts_at,"
        " after_minutes) on presenter to wb_helper"
    )
    op.execute(
        f"create policy presenter_helper_select on presenter for select to wb_helper using ({EVERY_ROW})"
    )
    op.execute("grant select on presenter to wb_identity")
    op.execute("grant update (state, answered_at, on_date, starts_at, room) on presenter to wb_identity")
    op.execute(
        f"create policy presenter_identity_select on presenter for select to wb_identity using ({EVERY_ROW})"
    )
    op.execute(
        f"create policy presenter_identity_update on presenter for update to wb_identity using ({EVERY_ROW})"
        f" with check ({EVERY_ROW})"
    )
    op.execute(
        "grant select (school_id, id, cohort_id, on_date, starts_at, ends_at, room, format, state) on cohort_session"
        " to wb_identity"
    )
    op.execute("grant select (school_id, cohort_id, link) on cohort_join_link to wb_identity")
    for table in ("cohort_session", "cohort_join_link"):
        op.execute(
            f"create policy {table}_identity_select on {table} for select to wb_identity using ({EVERY_ROW})"
        )
    op.execute(MINE)
    op.execute("grant execute on function app.my_presenters() to wb_parent")
    op.execute("alter function app.my_presenters() owner to wb_helper")
    install((OPEN, ANSWER))
