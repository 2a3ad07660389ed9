"""A head teacher: somebody at work in a school who reads it in numbers, and no list.

An audience of its own, `wb_head`, and not a narrower `wb_school`: what nobody granted to it, it cannot read, also what
is made tomorrow. It reads the school's own row, the papers of joining, what the council announced, and one function
that counts.

The function says of parents so many full fives, under five nothing, none or four alike, as they stood on Monday: a
number that moves on the day on which somebody calls at the office tells who called. Groups, evenings and replies are no
persons, and are counted as they are. Checks are counted by group: which groups lack two people who may lead.

Roles stand in checks of two tables: dropped, written wider, validated. The role of the database is made by
`ensure_login_roles` before this revision, as README says.

Risk: the code of before knows no such role; nobody has it before a lead invites somebody. Rejected: a flag that every
policy of `wb_school` reads (each new table would be open to a head until somebody remembers), and figures that are
rounded on the page (the database would hand out the exact ones).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace
from tenants.ddl import AUTHORITY, SCHOOL

revision = "0153"
down_revision = "0152"

ROLES = (
    "'authority_admin', 'named_officer', 'commissioner', 'school_lead', 'senco', 'attendance_lead', 'school_dsl',"
    " 'head_teacher', 'facilitator', 'parent'"
)
STAFF = "'school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher'"

CHECKS = f"""
alter table staff_member drop constraint staff_member_role_check;
alter table staff_member add constraint staff_member_role_check check (role in ({STAFF})) not valid;
alter table staff_member validate constraint staff_member_role_check;
alter table identity.membership drop constraint membership_role_check;
alter table identity.membership add constraint membership_role_check check (role in ({ROLES})) not valid;
alter table identity.membership validate constraint membership_role_check;
"""

AUDIENCE = """
create or replace function app.audience_of(p_role text) returns text language sql immutable
set search_path = pg_catalog, pg_temp return case
  when p_role = 'authority_admin' then 'wb_authority'
  when p_role = 'named_officer' then 'wb_officer'
  when p_role = 'commissioner' then 'wb_commissioner'
  when p_role in ('school_lead', 'senco', 'attendance_lead') then 'wb_school'
  when p_role = 'school_dsl' then 'wb_dsl'
  when p_role = 'head_teacher' then 'wb_head'
  when p_role = 'facilitator' then 'wb_facilitator'
  when p_role = 'parent' then 'wb_parent' end
"""

ISSUE_TOKEN = function(
    "issue_token",
    "p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text, p_address text,"
    " p_name text, p_outbox_id uuid, p_expires_at timestamp with time zone, p_invited_by text",
    "void",
    """
declare v_audience text := current_setting('role'); v_known boolean;
begin
  if p_authority is distinct from app.authority_id() then raise insufficient_privilege; end if;
  if v_audience in ('wb_school', 'wb_dsl') then
    if p_school is distinct from app.school_id()
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher', 'facilitator',
        'parent')
    then raise insufficient_privilege; end if;
  elsif v_audience = 'wb_authority' then
    if p_role not in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'school_dsl')
      or (p_school is not null and p_school <> all (app.authority_school_ids()))
      or (p_school is null) <> (p_role in ('authority_admin', 'named_officer', 'commissioner'))
    then raise insufficient_privilege; end if;
  else raise insufficient_privilege;
  end if;
  if p_purpose is distinct from
    (case when p_role in ('parent', 'facilitator') then 'parent_invitation' else 'staff_invitation' end)
  then raise insufficient_privilege; end if;
  -- A row of this very place, and of somebody at work in this very role, whatever id was handed over.
  v_known := case
    when p_role = 'parent' then exists (select from public.parent o where o.school_id = p_school and o.id = p_person)
    when p_role = 'facilitator' then
      exists (select from public.facilitator o where o.school_id = p_school and o.id = p_person)
    when p_school is not null then
      exists (select from public.staff_member o where o.school_id = p_school and o.id = p_person and o.role = p_role)
    else exists (select from public.authority_member o where o.authority_id = p_authority and o.id = p_person
      and o.role = p_role) end;
  if not v_known then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  -- An invitation is for somebody who has no account, also none that has ended: what was theirs stays theirs.
  if p_role in ('parent', 'facilitator') then
    if exists (select from identity.membership m where m.person_id = p_person and m.role = p_role) then
      raise unique_violation using constraint = 'person_has_an_account';
    end if;
  -- Somebody who has been at work here is invited again to the address that they signed in with, and to no other.
  elsif exists (select from identity.account a where a.email is distinct from p_address and a.id in (
    select m.account_id from identity.membership m where m.person_id = p_person
    union all select x from unnest(app.accounts_of(p_person, p_role)) x))
  then raise unique_violation using constraint = 'person_has_an_account';
  end if;
  -- Pressed twice: the one of a moment ago stands. Judged by the two ends, which a clock's full minute does not split.
  if exists (select from identity.token t where t.person_id = p_person and t.purpose = p_purpose and t.role = p_role
    and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
    and t.expires_at > p_expires_at - interval '1 minute')
  then raise unique_violation using constraint = 'invitation_just_sent'; end if;
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.purpose = p_purpose and t.channel = p_channel and t.used_at is null
      and t.cancelled_at is null and t.in_authority = p_authority and t.in_school is not distinct from p_school;
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
    (),
)

NUMBERS = """
create function app.school_in_numbers()
  returns table (what text, number integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with stood as (
      -- Where each parent stood as this week began.
      select distinct on (e.parent_id) e.to_stage from public.parent_event e
        where e.school_id = (select app.school_id())
          and e.at < date_trunc('week', app.now() at time zone 'Europe/London') at time zone 'Europe/London'
          and e.parent_id <> all ((select app.merged_parent_ids())::uuid[])
        order by e.parent_id, e.at desc, e.id desc),
    parents as (
      select count(*) filter (where s.to_stage <> 'identified') / 5 * 5 as asked,
          count(*) filter (where s.to_stage in ('joined', 'waiting', 'in_group', 'graduated', 'left')) / 5 * 5
            as joined,
          count(*) filter (where s.to_stage in ('joined', 'waiting')) / 5 * 5 as waiting,
          count(*) filter (where s.to_stage = 'in_group') / 5 * 5 as in_groups
        from stood s),
    groups as (
      select count(*) filter (where c.state = 'forming') as forming,
          count(*) filter (where c.state = 'running') as running,
          count(*) filter (where c.state = 'closed') as closed,
          coalesce(sum(c.places) filter (where c.state in ('forming', 'running')), 0) as places,
          count(*) filter (where c.state in ('forming', 'running') and 2 > (
            select count(*) from public.cohort_facilitator l
              join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id
              where l.school_id = c.school_id and l.cohort_id = c.id
                and f.stage in ('ready', 'leading'))) as without_two
        from public.cohort c where c.school_id = (select app.school_id())),
    sessions as (
      select count(*) filter (where s.state in ('held', 'closed')) as held,
          count(*) filter (where s.state = 'planned' and c.state in ('forming', 'running')
            and s.on_date >= (app.now() at time zone 'Europe/London')::date) as coming
        from public.cohort_session s join public.cohort c on c.school_id = s.school_id and c.id = s.cohort_id
        where s.school_id = (select app.school_id())),
    said as (
      select count(*) as said, count(*) filter (where t.replied_at is not null) as replied,
          count(*) filter (where t.replied_at is null
            and t.reply_by < (app.now() at time zone 'Europe/London')::date) as late,
          round(percentile_cont(0.5) within group (order by (t.replied_at at time zone 'Europe/London')::date
            - (t.approved_at at time zone 'Europe/London')::date)) as days
        from public.group_theme t
        where t.school_id = (select app.school_id()) and t.state in ('approved', 'replied')),
    staff as (
      select count(*) filter (where m.role = 'school_lead') as leads,
          count(*) filter (where m.role = 'school_dsl') as dsls
        from public.staff_member m
        where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null)
    select v.what, v.number::integer from parents p, groups g, sessions e, said t, staff m,
      lateral (values ('asked', p.asked), ('joined', p.joined), ('waiting', p.waiting), ('in_groups', p.in_groups),
        ('forming', g.forming), ('running', g.running), ('closed', g.closed), ('places', g.places),
        ('without_two', g.without_two), ('held', e.held), ('coming', e.coming), ('said', t.said),
        ('replied', t.replied), ('late', t.late), ('days', t.days), ('leads', m.leads), ('dsls', m.dsls))
        v (what, number);
  end"""

JOINING = f"{SCHOOL} and kind in ('project_brief', 'agreement', 'signed_agreement')"
OWN_ROW = f"{SCHOOL} and id = (select app.person_id())"
#: Table -> verb with columns, the rows.
OF_HEADS = (
    ("authority", "select", AUTHORITY),
    ("school", "select", SCHOOL),
    ("staff_member", "select", OWN_ROW),
    ("staff_member", "update (accepted_at)", OWN_ROW),
    ("document", "select", JOINING),
    ("agreement_review", "select", SCHOOL),
    ("onboarding_event", "select (school_id, from_stage, to_stage, at)", SCHOOL),
    ("announcement", "select", AUTHORITY),
    ("audit_event", "insert", SCHOOL),
)
#: What the function counts, and did not read before.
FOR_HELPER = (
    ("parent_event", "select (school_id, id, parent_id, to_stage, at)"),
    ("cohort", "select (places)"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(CHECKS)
    op.execute(AUDIENCE)
    replace([ISSUE_TOKEN])
    op.execute("grant usage on schema public, app, identity to wb_head")
    op.execute(
        "grant execute on function app.authority_id(), app.school_id(), app.person_id(), app.now() to wb_head"
    )
    # As their owner, who gave them to everybody else. What is published is for a head as for anybody.
    op.execute("set local role wb_helper")
    op.execute(
        "grant execute on function app.results_for_everybody(), app.results_withdrawn_for_everybody() to wb_head"
    )
    op.execute("reset role")
    for table, what, rows in OF_HEADS:
        verb = what.split()[0]
        clause = {
            "select": f"using ({rows})",
            "insert": f"with check ({rows})",
            "update": f"using ({rows}) with check ({rows})",
        }[verb]
        op.execute(f"grant {what} on {table} to wb_head")
        op.execute(f"create policy {table}_head_{verb} on {table} for {verb} to wb_head {clause}")
    op.execute(
        "create policy parent_event_helper_select on parent_event for select to wb_helper using (true)"
    )
    for table, what in FOR_HELPER:
        op.execute(f"grant {what} on {table} to wb_helper")
    op.execute(NUMBERS)
    op.execute("grant execute on function app.school_in_numbers() to wb_head")
    op.execute("alter function app.school_in_numbers() owner to wb_helper")
