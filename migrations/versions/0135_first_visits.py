"""Who welcomes newcomers, what they would like on their first evening, and whether somebody asked them afterwards.

The first evening is the hardest. A parent reads who meets them, chooses a quiet seat if they like, and within two days
somebody who leads asks how it was. What they choose is read by those who lead while they have a place, and by nobody of
the school; that they were asked is kept as one of three words, with no room for what they said.

A wish is written by a function: it is of the group in which they have a place, and one from before a fresh start is
written over unseen.

Risk: none for rows that are there. Rejected: columns of the place (the school reads those), and free words.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import LED_COHORT, OWN_PARENT, SCHOOL, Access, protect

revision = "0135"
down_revision = "0134"

TABLES = """
create table group_welcome (
  school_id uuid not null references school (school_id),
  cohort_id uuid not null,
  welcomer_id uuid not null,
  named_at timestamptz not null default app.now(),
  primary key (school_id, cohort_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, welcomer_id) references facilitator (school_id, id));
create table first_visit_wish (
  school_id uuid not null references school (school_id),
  cohort_id uuid not null,
  parent_id uuid not null,
  wishes text[] not null,
  at timestamptz not null default app.now(),
  primary key (school_id, cohort_id, parent_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint first_visit_wish_wishes check (wishes <@ array['door', 'listen', 'early', 'met'] and wishes <> '{}'));
create table first_visit_call (
  school_id uuid not null references school (school_id),
  cohort_id uuid not null,
  parent_id uuid not null,
  outcome text not null,
  noted_by_id uuid not null,
  at timestamptz not null default app.now(),
  primary key (school_id, cohort_id, parent_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, noted_by_id) references facilitator (school_id, id),
  constraint first_visit_call_outcome check (outcome in ('done', 'not_reached', 'not_needed')));
"""
WISH = """
create function app.wish_for_first_visit(p_wishes text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_cohort_id uuid;
begin
  select e.cohort_id into v_cohort_id from public.enrolment e
    join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
    where e.school_id = app.school_id() and e.parent_id = app.person_id() and e.status = 'in_group'
      and e.cohort_id = any (app.joined_cohort_ids())
    order by e.joined_at desc limit 1;
  if not found or identity.my_way_since() = 'infinity' then return false; end if;
  delete from public.first_visit_wish w
    where w.school_id = app.school_id() and w.cohort_id = v_cohort_id and w.parent_id = app.person_id();
  if p_wishes <> '{}' then
    insert into public.first_visit_wish (school_id, cohort_id, parent_id, wishes)
      values (app.school_id(), v_cohort_id, app.person_id(), p_wishes);
  end if;
  return true;
end
$function$"""
#: By their first name, as long as they lead the group.
WELCOMER = """
create function app.my_welcomer(p_cohort_id uuid) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(nullif(c.known_as, ''), nullif(c.first_name, ''), split_part(btrim(regexp_replace(
        btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\\.?\\s+', '', 'i')), ' ', 1))
      from public.group_welcome w
      join public.cohort_facilitator l on l.school_id = w.school_id and l.cohort_id = w.cohort_id
        and l.facilitator_id = w.welcomer_id
      join public.facilitator f on f.school_id = w.school_id and f.id = w.welcomer_id and f.stage <> 'withdrawn'
      left join public.parent_contact c on c.school_id = f.school_id and c.parent_id = f.parent_id
      where w.school_id = (select app.school_id()) and w.cohort_id = p_cohort_id
        and w.cohort_id = any ((select app.joined_cohort_ids())::uuid[]);
  end"""
#: Over enough parents that it points at none, and four weeks late, so that nobody sees it move after an evening.
DAYS = """
create function app.first_visit_days() returns integer
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select case when count(*) >= 10 and (select count(distinct e.parent_id) >= 18 from public.enrolment e
        where e.school_id = (select app.school_id())) then percentile_disc(0.5) within group (order by d.days) end
      from (
        select min(s.on_date) - (coalesce(p.invited_at, p.joined_at) at time zone 'Europe/London')::date as days
          from public.attendance a
          join public.cohort_session s on s.school_id = a.school_id and s.id = a.session_id
          join public.parent p on p.school_id = a.school_id and p.id = a.parent_id
          where a.school_id = (select app.school_id()) and a.mark in ('present', 'late', 'left_early')
            and s.on_date <= (app.now() at time zone 'Europe/London')::date - 28
          group by p.id, p.invited_at, p.joined_at) d
      where d.days >= 0;
  end"""
#: What parents do is in nobody's trail but their own; that one was asked says that they were there.
OWN = (
    "cohorts:absence:said",
    "cohorts:absence:taken_back",
    "cohorts:topics:voted",
    "measures:answer:saved",
    "measures:answers:sent",
    "meetings:first_visit:called",
    "meetings:first_visit:wished",
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
OWN_CALL = f"{LED_COHORT} and noted_by_id = (select app.person_id())"
NOW_LED = f"{LED_COHORT} and parent_id = any ((select app.led_parent_ids())::uuid[])"
FUNCTIONS = (
    ("app.wish_for_first_visit(text[])", WISH, "wb_parent"),
    ("app.my_welcomer(uuid)", WELCOMER, "wb_parent"),
    ("app.first_visit_days()", DAYS, "wb_school"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLES)
    for table, access in (
        (
            "group_welcome",
            [
                Access("wb_facilitator", "select, insert", LED_COHORT),
                Access("wb_school", "select, insert", SCHOOL),
                Access("wb_helper", "select", "true"),
            ],
        ),
        (
            "first_visit_wish",
            [
                Access("wb_parent", "select", f"{OWN_PARENT} and at > (select identity.my_way_since())"),
                Access("wb_facilitator", "select", NOW_LED),
                Access("wb_helper", "select, insert, delete", "true"),
            ],
        ),
        (
            "first_visit_call",
            [
                Access("wb_facilitator", "select", LED_COHORT),
                Access("wb_facilitator", "insert", OWN_CALL),
                Access("wb_parent", "select", f"{OWN_PARENT} and at > (select identity.my_way_since())"),
            ],
        ),
    ):
        for statement in protect(table, access):
            op.execute(statement)
    for table, role, columns, rows, writes in (
        ("group_welcome", "facilitator", "welcomer_id, named_at", LED_COHORT, LED_COHORT),
        ("group_welcome", "school", "welcomer_id, named_at", SCHOOL, SCHOOL),
        ("first_visit_call", "facilitator", "outcome, noted_by_id, at", LED_COHORT, OWN_CALL),
    ):
        op.execute(f"grant update ({columns}) on {table} to wb_{role}")
        op.execute(
            f"create policy {table}_{role}_update on {table} for update to wb_{role}"
            f" using ({rows}) with check ({writes})"
        )
    for name, text, roles in FUNCTIONS:
        op.execute(text)
        op.execute(f"grant execute on function {name} to {roles}")
        op.execute(f"alter function {name} owner to wb_helper")
    events = ", ".join(f"'{event}'" for event in OWN)
    op.execute(
        f"alter policy audit_event_school_select on audit_event using ({SCHOOL} and event not in ({events}))"
    )
