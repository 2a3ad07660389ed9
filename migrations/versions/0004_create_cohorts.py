"""Create cohorts: places, sessions, who leads, who came, topics chosen in secret, learning notes.

Risk: none, the tables are new.
Rejected: policies that look at each other's tables (they recurse); narrow functions of wb_helper answer instead.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import (
    JOINED_COHORT,
    LED_COHORT,
    SCHOOL,
    SCHOOLS_OF_AUTHORITY,
    Access,
    protect,
)

revision = "0004"
down_revision = "0003"

TABLES = """
create table facilitator (
  school_id uuid not null references school, id uuid not null, parent_id uuid,
  name text not null, email text not null default '', phone text not null default '',
  kind text not null default 'graduate' check (kind in ('graduate', 'professional')),
  stage text not null default 'applied' check (stage in ('applied', 'shortlisted', 'references', 'checks',
    'training', 'ready', 'leading', 'resting', 'not_now', 'withdrawn')),
  stage_changed_at timestamptz not null, created_at timestamptz not null,
  primary key (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint facilitator_once_per_parent unique (school_id, parent_id));
create table cohort (
  school_id uuid not null references school, id uuid not null,
  name text not null, state text not null default 'forming'
    check (state in ('forming', 'running', 'closed', 'cancelled')),
  places smallint not null default 10 check (places between 1 and 10),
  first_on date, starts_at time not null, minutes smallint not null default 90, room text not null default '',
  is_first_group boolean not null default false,
  closed_at timestamptz, created_at timestamptz not null,
  primary key (school_id, id));
create index cohort_by_state on cohort (school_id, state, first_on);
create table enrolment (
  school_id uuid not null, id uuid not null, cohort_id uuid not null, parent_id uuid not null,
  status text not null default 'in_group' check (status in ('in_group', 'left', 'finished')),
  joined_at timestamptz not null, left_at timestamptz, left_reason text not null default '',
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint enrolment_once unique (school_id, cohort_id, parent_id));
create index enrolment_by_parent on enrolment (school_id, parent_id);
create table cohort_facilitator (
  school_id uuid not null, cohort_id uuid not null, facilitator_id uuid not null,
  assigned_at timestamptz not null,
  primary key (school_id, cohort_id, facilitator_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id));
create index cohort_facilitator_by_person on cohort_facilitator (school_id, facilitator_id);
create table cohort_session (
  school_id uuid not null, id uuid not null, cohort_id uuid not null,
  number smallint not null check (number between 1 and 8),
  on_date date not null, starts_at time not null, ends_at time not null, room text not null default '',
  state text not null default 'planned' check (state in ('planned', 'cancelled', 'held', 'closed')),
  topic text not null default '', moved_from date, change_reason text not null default '',
  closed_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  constraint cohort_session_number_once unique (school_id, cohort_id, number));
create index cohort_session_by_date on cohort_session (school_id, on_date);
create table attendance (
  school_id uuid not null, session_id uuid not null, parent_id uuid not null, cohort_id uuid not null,
  mark text not null check (mark in ('present', 'absent', 'apology')), marked_at timestamptz not null,
  primary key (school_id, session_id, parent_id),
  foreign key (school_id, session_id) references cohort_session (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id));
create index attendance_by_cohort on attendance (school_id, cohort_id, parent_id);
create table absence_notice (
  school_id uuid not null, session_id uuid not null, parent_id uuid not null, cohort_id uuid not null,
  at timestamptz not null,
  primary key (school_id, session_id, parent_id),
  foreign key (school_id, session_id) references cohort_session (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id));
create table topic_vote (
  school_id uuid not null, cohort_id uuid not null, parent_id uuid not null, topic text not null,
  at timestamptz not null,
  primary key (school_id, cohort_id, parent_id, topic),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id));
create table learning_notes (
  school_id uuid not null, id uuid not null, cohort_id uuid not null, session_id uuid not null,
  main_points text not null, try_at_home text not null default '', links jsonb not null default '[]',
  state text not null default 'draft' check (state in ('draft', 'sent')),
  updated_at timestamptz not null, sent_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, session_id) references cohort_session (school_id, id),
  constraint learning_notes_once unique (school_id, session_id));
"""


def _ids(name: str, query: str, *roles: str) -> list[str]:
    """A function of wb_helper that answers with an array of ids, for these roles only."""
    return [
        f"create function app.{name}() returns uuid[] language sql stable security definer"
        f" set search_path = pg_catalog, pg_temp return ({query})",
        f"grant execute on function app.{name}() to {', '.join(roles)}",
        f"alter function app.{name}() owner to wb_helper",
    ]


FUNCTIONS = [
    *_ids(
        "led_cohort_ids",
        "select coalesce(array_agg(l.cohort_id), '{}') from public.cohort_facilitator l"
        " where l.school_id = (select app.school_id()) and l.facilitator_id = (select app.person_id())",
        "wb_facilitator",
    ),
    *_ids(
        "joined_cohort_ids",
        "select coalesce(array_agg(e.cohort_id), '{}') from public.enrolment e"
        " where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())"
        " and e.status in ('in_group', 'finished')",
        "wb_parent",
    ),
    *_ids(
        "joined_session_ids",
        "select coalesce(array_agg(s.id), '{}') from public.cohort_session s join public.enrolment e"
        " on e.school_id = s.school_id and e.cohort_id = s.cohort_id"
        " where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())"
        " and e.status in ('in_group', 'finished')",
        "wb_parent",
    ),
    *_ids(
        "led_parent_ids",
        "select coalesce(array_agg(e.parent_id), '{}') from public.enrolment e"
        " join public.cohort_facilitator l on l.school_id = e.school_id and l.cohort_id = e.cohort_id"
        " where l.school_id = (select app.school_id()) and l.facilitator_id = (select app.person_id())"
        " and e.status in ('in_group', 'finished')",
        "wb_facilitator",
    ),
    # Totals, never who: what the group would like to talk about.
    """
create function app.topic_totals(p_cohort_id uuid) returns table (topic text, votes bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select v.topic, count(*) from public.topic_vote v
      where v.school_id = (select app.school_id()) and v.cohort_id = p_cohort_id
      group by v.topic order by count(*) desc, v.topic;
  end""",
    "grant execute on function app.topic_totals(uuid) to wb_facilitator",
    "alter function app.topic_totals(uuid) owner to wb_helper",
]

OWN_ROWS = f"{JOINED_COHORT} and parent_id = (select app.person_id())"


def upgrade() -> None:
    op.execute(TABLES)
    for statement in FUNCTIONS:
        op.execute(statement)
    # A facilitator sees how to reach the parents of their own group; the rows came with the revision before.
    op.execute("grant select on parent, parent_contact to wb_facilitator")
    op.execute(
        f"create policy parent_facilitator_select on parent for select to wb_facilitator"
        f" using ({SCHOOL} and id = any ((select app.led_parent_ids())::uuid[]))"
    )
    op.execute(
        f"create policy parent_contact_facilitator_select on parent_contact for select to wb_facilitator"
        f" using ({SCHOOL} and parent_id = any ((select app.led_parent_ids())::uuid[]))"
    )
    workers = ("wb_dispatch", "wb_documents", "wb_rollup")
    protected = {
        "facilitator": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_facilitator", "select", f"{SCHOOL} and id = (select app.person_id())"),
            # A graduate applies; only their own row, only at the first stage.
            Access(
                "wb_parent",
                "select, insert",
                f"{SCHOOL} and parent_id = (select app.person_id())",
                f"{SCHOOL} and parent_id = (select app.person_id()) and stage = 'applied'",
            ),
            *(Access(role, "select", SCHOOL) for role in workers),
        ],
        "cohort": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access(
                "wb_facilitator",
                "select, update",
                f"{SCHOOL} and id = any ((select app.led_cohort_ids())::uuid[])",
            ),
            Access(
                "wb_parent", "select", f"{SCHOOL} and id = any ((select app.joined_cohort_ids())::uuid[])"
            ),
            Access("wb_authority", "select", SCHOOLS_OF_AUTHORITY),
            *(Access(role, "select", SCHOOL) for role in workers),
        ],
        "enrolment": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_facilitator", "select, update", LED_COHORT),
            Access("wb_parent", "select, update", f"{SCHOOL} and parent_id = (select app.person_id())"),
            *(Access(role, "select", SCHOOL) for role in workers),
            Access("wb_helper", "select", "true"),
        ],
        "cohort_facilitator": [
            Access("wb_school", "select, insert, delete", SCHOOL),
            Access("wb_facilitator", "select", LED_COHORT),
            *(Access(role, "select", SCHOOL) for role in workers),
            Access("wb_helper", "select", "true"),
        ],
        "cohort_session": [
            Access("wb_school", "select, insert, update", SCHOOL),
            Access("wb_facilitator", "select, update", LED_COHORT),
            Access("wb_parent", "select", JOINED_COHORT),
            Access("wb_authority", "select", SCHOOLS_OF_AUTHORITY),
            *(Access(role, "select", SCHOOL) for role in workers),
            Access("wb_helper", "select", "true"),
        ],
        "attendance": [
            Access("wb_facilitator", "select, insert, update", LED_COHORT),
            Access(
                "wb_school",
                "select",
                f"{SCHOOL} and parent_id = any ((select app.sharing_parent_ids())::uuid[])",
            ),
            Access("wb_parent", "select", OWN_ROWS),
            Access("wb_rollup", "select", SCHOOL),
        ],
        "absence_notice": [
            Access("wb_parent", "select, insert, delete", OWN_ROWS),
            Access("wb_facilitator", "select", LED_COHORT),
        ],
        "topic_vote": [
            Access("wb_parent", "select, insert, delete", OWN_ROWS),
            Access("wb_helper", "select", "true"),
        ],
        "learning_notes": [
            Access("wb_facilitator", "select, insert, update", LED_COHORT),
            Access("wb_parent", "select", f"{JOINED_COHORT} and state = 'sent'"),
            Access("wb_documents", "select", SCHOOL),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
    # They may take their offer back, or offer again after a "not now"; nothing else of the row is theirs to change.
    own = f"{SCHOOL} and parent_id = (select app.person_id())"
    before_ready = "'applied', 'shortlisted', 'references', 'checks', 'training', 'not_now', 'withdrawn'"
    op.execute("grant update (stage, stage_changed_at) on facilitator to wb_parent")
    op.execute(
        f"create policy facilitator_parent_update on facilitator for update to wb_parent"
        f" using ({own} and stage in ({before_ready})) with check ({own} and stage in ('applied', 'withdrawn'))"
    )
