"""Let two members of staff give somebody a fresh start who has lost every way in, and keep shut what was theirs before.

A row that a parent writes carries the generation of their way in, and the parent's policy compares it: after a fresh
start answers, votes, receipts of concerns, an application and marks of before stay shut to the new way in, and can be
erased by it. Old addresses are told and can stop it for a day; where and when the group meets waits that day. The
safeguarding lead may leave notice and veto out, with a reason that they alone read.

Risk: policies of five tables gain a condition that holds for every row there is.
Rejected: closing rows by when they were written, where they can be written again; a new parent row, which would lose
the place in the group.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen import identity_fresh
from migrations.functions import install
from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0036"
down_revision = "0035"

TABLES = """
alter table identity.membership add column generation smallint not null default 0;
alter table identity.token add column subject_id uuid, add column not_before timestamptz;
create index token_by_subject on identity.token (subject_id) where subject_id is not null;
create table fresh_start (
  school_id uuid not null references school, id uuid not null,
  role text not null check (role in ('parent', 'facilitator')), person_id uuid not null,
  channel text not null check (channel in ('email', 'sms')), address text not null, met_on date not null,
  asked_by uuid not null, asked_by_name text not null, asked_at timestamptz not null,
  agreed_by uuid, agreed_by_name text not null default '', agreed_at timestamptz,
  opens_at timestamptz, waits_until timestamptz, is_silent boolean not null default false,
  ended_at timestamptz, ended text check (ended in ('stopped', 'taken_back', 'done')),
  ended_by_name text not null default '',
  primary key (school_id, id),
  constraint fresh_start_takes_two check (agreed_by is null or agreed_by <> asked_by),
  constraint fresh_start_address_form check (address ~ case channel
    when 'email' then '^[^[:space:]@A-Z]+@[^[:space:]@A-Z]+$' else '^[+][1-9][0-9]{6,14}$' end));
create unique index fresh_start_under_way on fresh_start (school_id, person_id) where ended_at is null;
create index fresh_start_by_person on fresh_start (school_id, person_id, waits_until);
create table fresh_start_silence (
  school_id uuid not null, fresh_start_id uuid not null, by_person uuid not null, by_name text not null,
  reason text not null check (length(btrim(reason)) >= 10), at timestamptz not null,
  primary key (school_id, fresh_start_id),
  foreign key (school_id, fresh_start_id) references fresh_start (school_id, id));
alter table identity.token drop constraint token_purpose_check;
alter table identity.token add constraint token_purpose_check check (purpose in ('staff_invitation',
  'parent_invitation', 'sign_in', 'confirm', 'password_reset', 'notice', 'move', 'fresh_start', 'stop'))
"""

MY_WAY = """
create function identity.my_way() returns smallint language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(max(m.generation), 0)::smallint from identity.membership m
    where m.person_id = (select app.person_id()) and m.in_school = (select app.school_id()) and m.role = 'parent'
      and m.ended_at is null)
"""

MY_WAY_SINCE = """
create function identity.my_way_since() returns timestamptz language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(max(m.created_at), '-infinity') from identity.membership m
    where m.person_id = (select app.person_id()) and m.in_school = (select app.school_id()) and m.role = 'parent'
      and m.ended_at is null and m.generation > 0)
"""

#: Until when place and time wait; never where the new way in goes.
MY_WAIT = """
create function identity.my_wait() returns timestamptz language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select max(f.waits_until) from public.fresh_start f where f.school_id = (select app.school_id())
    and f.person_id = (select app.person_id()) and f.waits_until > app.now()
    and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back')
"""

OPEN = "way = (select identity.my_way())"
RAISED = f"{SCHOOL} and raised_by_id = (select app.person_id()) and {OPEN}"
JOINED = f"{SCHOOL} and cohort_id = any ((select app.joined_cohort_ids())::uuid[])"
IN_GROUP = f"{JOINED} and parent_id = (select app.person_id())"
OWN_FACILITATOR = (
    "facilitator_id in (select f.id from facilitator f where f.parent_id = (select app.person_id()))"
)
OWN_APPLICATION = f"{SCHOOL} and parent_id = (select app.person_id()) and {OWN_FACILITATOR} and {OPEN}"

#: Rows that a parent writes -> what of them their policy shows and takes.
SEALED = {
    "answer_set": (f"{OWN_PARENT} and {OPEN}", ("select", "insert", "update")),
    "topic_vote": (f"{IN_GROUP} and {OPEN}", ("select", "insert", "delete")),
    "concern_receipt": (RAISED, ("select", "insert")),
    "facilitator_application": (OWN_APPLICATION, ("select", "insert", "update")),
}

WAITING = (
    " and not exists (select from public.fresh_start f where f.school_id = (select app.school_id())"
    " and f.person_id = (select app.person_id()) and f.waits_until > app.now()"
    " and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back')"
)
JOINED_IDS = {
    "joined_cohort_ids": "select coalesce(array_agg(e.cohort_id), '{}') from public.enrolment e"
    " where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())"
    " and e.status in ('in_group', 'finished')",
    "joined_session_ids": "select coalesce(array_agg(s.id), '{}') from public.cohort_session s join public.enrolment e"
    " on e.school_id = s.school_id and e.cohort_id = s.cohort_id"
    " where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())"
    " and e.status in ('in_group', 'finished')",
    "attended_session_ids": "select coalesce(array_agg(a.session_id), '{}') from public.attendance a"
    " where a.school_id = (select app.school_id()) and a.parent_id = (select app.person_id())"
    " and a.mark not in ('absent', 'apology')",
}

#: A vote of before stays; a new one for the same topic stands beside it and counts once.
TOTALS = """
create or replace function app.topic_totals(p_cohort_id uuid) returns table (topic text, votes bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select v.topic, count(distinct v.parent_id) from public.topic_vote v
      where v.school_id = (select app.school_id()) and v.cohort_id = p_cohort_id
      group by v.topic order by count(distinct v.parent_id) desc, v.topic;
  end
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    for table, access in {
        "fresh_start": [
            Access("wb_school", "select", SCHOOL),
            Access("wb_dispatch", "select", SCHOOL),
            Access("wb_identity", "select, insert, update", "true"),
        ],
        "fresh_start_silence": [
            Access("wb_dsl", "select", SCHOOL),
            Access("wb_identity", "insert", "true"),
        ],
    }.items():
        for statement in protect(table, access):
            op.execute(statement)
    op.execute("grant select (school_id, person_id, waits_until, ended) on fresh_start to wb_helper")
    op.execute("create policy fresh_start_helper_select on fresh_start for select to wb_helper using (true)")
    _seal()
    op.execute("set local role wb_helper")
    for name, query in JOINED_IDS.items():
        op.execute(
            f"create or replace function app.{name}() returns uuid[] language sql stable security definer"
            f" set search_path = pg_catalog, pg_temp return ({query}{WAITING})"
        )
    op.execute(TOTALS)
    op.execute("reset role")
    op.execute("alter table topic_vote drop constraint topic_vote_pkey")
    op.execute("alter table topic_vote add primary key (school_id, cohort_id, parent_id, topic, way)")
    op.execute("grant select (school_id, parent_id), delete on application_draft to wb_identity")
    for verb in ("select", "delete"):
        op.execute(
            f"create policy application_draft_identity_{verb} on application_draft for {verb} to wb_identity"
            " using (true)"
        )
    install(identity_fresh.FUNCTIONS)


def _seal() -> None:
    writers = "wb_parent, wb_school, wb_facilitator, wb_owner"
    for name, text, readers in (
        ("my_way", MY_WAY, writers),
        ("my_way_since", MY_WAY_SINCE, "wb_parent"),
        ("my_wait", MY_WAIT, "wb_parent"),
    ):
        op.execute(text)
        op.execute(f"alter function identity.{name}() owner to wb_identity")
        op.execute("set local role wb_identity")
        op.execute(f"grant execute on function identity.{name}() to {readers}")
        op.execute("reset role")
    for table, (rows, verbs) in SEALED.items():
        op.execute(f"alter table {table} add column way smallint not null default 0")
        op.execute(f"alter table {table} alter column way set default identity.my_way()")
        for verb in verbs:
            clause = {
                "select": f"using ({rows})",
                "insert": f"with check ({rows})",
                "update": f"using ({rows}) with check ({rows})",
                "delete": f"using ({rows})",
            }[verb]
            op.execute(f"alter policy {table}_parent_{verb} on {table} {clause}")
    op.execute(
        "alter policy attendance_parent_select on attendance using"
        f" ({IN_GROUP} and marked_at > (select identity.my_way_since()))"
    )
    for table in ("answer_set", "topic_vote", "facilitator_application"):
        op.execute(f"grant select (school_id, parent_id, way), delete on {table} to wb_identity")
        op.execute(f"create policy {table}_identity_select on {table} for select to wb_identity using (true)")
        op.execute(f"create policy {table}_identity_delete on {table} for delete to wb_identity using (true)")
