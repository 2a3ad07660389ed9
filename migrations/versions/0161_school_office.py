"""A school's office: it reads whom to write to and when groups meet, notes what was handed over and who rang, no more.

An audience of its own, `wb_office`, as decision 20 has it for a head: what nobody granted to it, it cannot read, also
what is made tomorrow. Of parents it reads name, number, address, language, interpreter, whether messages are stopped,
and when they were last invited; no stage, so that nobody reads who said no. A parent may be kept from it: the column
`not_for_office`, set by staff, is in every policy of it through `app.not_for_office`.

It writes by one function alone. `app.note_at_office` writes down a letter that left, or that somebody rang, in the
name of who presses; a call back that was asked for becomes a step of whoever makes calls, due today. It deletes what
it noted itself, on the same day, while nobody has done anything with it.

The file of a letter is not for it: whoever holds a letter's link can come in as the parent.
`identity.letters_at_office` says which letters are to be handed out, and stops saying so when they were, or when the
parent has answered: both read alike.

Risk: one column with a constant default, two checks written wider. The role of the database is made by
`ensure_login_roles` before this revision, as README says. Rejected: rights of `wb_school` with fewer pages (the
database would hand out everything), and insert on the log (anybody's name could stand there).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import Function, function, install, replace
from tenants.ddl import AUTHORITY, SCHOOL

revision = "0161"
down_revision = "0160"

ROLES = (
    "'authority_admin', 'named_officer', 'commissioner', 'school_lead', 'senco', 'attendance_lead', 'school_dsl',"
    " 'head_teacher', 'school_office', 'facilitator', 'parent'"
)
STAFF = "'school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher', 'school_office'"
CHECKS = f"""
alter table staff_member drop constraint staff_member_role_check;
alter table staff_member add constraint staff_member_role_check check (role in ({STAFF})) not valid;
alter table staff_member validate constraint staff_member_role_check;
alter table identity.membership drop constraint membership_role_check;
alter table identity.membership add constraint membership_role_check check (role in ({ROLES})) not valid;
alter table identity.membership validate constraint membership_role_check;
alter table parent_contact add column not_for_office boolean not null default false;
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
  when p_role = 'school_office' then 'wb_office'
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
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher', 'school_office',
        'facilitator', 'parent')
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
  -- On paper go invitations of a school to its parents.
  if p_channel = 'letter' and (p_role <> 'parent' or p_address <> '') then raise insufficient_privilege; end if;
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
  if p_channel = 'letter' then
    -- And what was asked for by the letter before.
    update identity.token t set cancelled_at = app.now() where t.person_id = p_person and t.subject_id is not null
      and t.purpose = p_purpose and t.used_at is null and t.cancelled_at is null;
  end if;
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
    (),
)
MAY_AGREE = function(
    "may_agree",
    "p_first uuid, p_second uuid, p_school uuid",
    "boolean",
    """
declare v_first uuid; v_second identity.membership;
begin
  -- Another person, here for 30 days; neither brought in the other, by however many steps. Who was appointed stands by
  -- more than one colleague's word.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first and m.in_school = p_school
    order by m.created_at limit 1;
  select m.* into v_second from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_second and m.in_school = p_school and m.ended_at is null and a.disabled_at is null
      and m.role not in ('parent', 'facilitator', 'head_teacher', 'school_office')
      and m.created_at <= app.now() - interval '30 days'
      and a.created_at <= app.now() - interval '30 days' limit 1;
  if v_second.id is null or p_first = p_second or v_second.account_id is not distinct from v_first then
    return false;
  end if;
  return (identity.is_appointed(p_second, p_school) or not identity.brought_in(v_first, v_second.account_id))
    and (identity.is_appointed(p_first, p_school) or not identity.brought_in(v_second.account_id, v_first));
end""",
    (),
)
CALL_MAKERS = """
create or replace function app.call_makers() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(nullif(array_agg(m.id order by m.id) filter (where m.is_contact), '{}'::uuid[]),
        array_agg(m.id order by m.id) filter (where m.role = 'school_lead'), '{}'::uuid[])
      from (
        select m.id, m.role, (lower(m.email) = lower(s.contact_email) and s.contact_email <> '')
            or lower(btrim(m.name)) = lower(btrim(s.contact_name)) as is_contact
          from public.staff_member m join public.school s on s.school_id = m.school_id
          where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null
            and m.role not in ('head_teacher', 'school_office')) m;
  end"""

#: Kept from the office by staff, or put together with another entry, which is the one to read.
NOT_FOR_OFFICE = """
create function app.not_for_office() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select app.merged_parent_ids() || coalesce(array_agg(c.parent_id), '{}'::uuid[])
      from public.parent_contact c
      where c.school_id = (select app.school_id()) and c.not_for_office;
  end"""

LETTERS = Function(
    "letters_at_office()",
    ("wb_office", "wb_helper"),
    """
create function identity.letters_at_office()
  returns table (letter_id uuid, parent_id uuid, made_at timestamptz, until timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    -- As the pile of staff has them (app/letters/pile.py). Until when: the same words for whoever has an account.
    select d.id, d.parent_id, d.created_at, coalesce(t.expires_at, d.created_at + interval '28 days')
      from (
        select distinct on (o.parent_id) o.id, o.parent_id, o.created_at, o.state from public.document o
          where o.school_id = (select app.school_id()) and o.kind = 'invitation_letter' and o.state <> 'refused'
            and o.created_at > app.now() - interval '28 days'
          order by o.parent_id, o.created_at desc, o.id desc) d
      join public.parent p on p.school_id = (select app.school_id()) and p.id = d.parent_id
      left join identity.token t on t.outbox_id = d.id and t.channel = 'letter' and t.used_at is null
        and t.cancelled_at is null and t.expires_at > app.now() and t.in_school = (select app.school_id())
      where d.state = 'ready' and p.stage in ('identified', 'invited', 'interested')
        and d.parent_id <> all ((select app.not_for_office())::uuid[])
        and (t.outbox_id is not null or exists (select from identity.membership m
          where m.person_id = d.parent_id and m.role = 'parent' and m.ended_at is null))
        and not exists (select from public.contact_with_parent c
          where c.school_id = (select app.school_id()) and c.parent_id = d.parent_id and c.how = 'letter'
            and c.outcome in ('posted', 'handed_over') and c.at >= d.created_at);
  end""",
)

NOTE = """
create function app.note_at_office(p_id uuid, p_parent uuid, p_how text, p_outcome text, p_action text)
  returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_school uuid := app.school_id(); v_name text; v_owner uuid;
begin
  -- `noted`; `over`: that letter is none to hand out any more; `twice`: pressed twice; `gone`: no parent of theirs.
  select m.name into v_name from public.staff_member m where m.school_id = v_school and m.id = app.person_id()
    and m.role = 'school_office' and m.ended_at is null;
  if v_name is null or current_setting('role') <> 'wb_office' then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_parent::text, 0));
  if not exists (select from public.parent_contact c where c.school_id = v_school and c.parent_id = p_parent
    and c.parent_id <> all (app.not_for_office()))
  then return 'gone'; end if;
  if p_how = 'letter' and p_outcome in ('posted', 'handed_over') and p_action = '' then
    if not exists (select from identity.letters_at_office() l where l.parent_id = p_parent) then
      return 'over';
    end if;
  elsif p_how = 'phone' and (p_outcome = 'spoke' and p_action = '' or p_outcome = 'call_back' and p_action <> '') then
    if exists (select from public.contact_with_parent c where c.school_id = v_school and c.parent_id = p_parent
      and c.by_id = app.person_id() and c.how = p_how and c.outcome = p_outcome
      and c.at > app.now() - interval '2 minutes')
    then return 'twice'; end if;
  else raise insufficient_privilege;
  end if;
  -- Whoever makes calls that parents ask for; where nobody does yet, it stands in the log alone.
  if p_action <> '' then v_owner := (app.call_makers())[1]; end if;
  insert into public.contact_with_parent (school_id, id, parent_id, how, outcome, at, noted_at, by_id, by_name,
      action, due_on, owner_id, state)
    values (v_school, p_id, p_parent, p_how, p_outcome, app.now(), app.now(), app.person_id(), v_name,
      case when v_owner is null then '' else p_action end,
      case when v_owner is not null then (app.now() at time zone 'Europe/London')::date end, v_owner,
      case when v_owner is not null then 'open' end);
  return 'noted';
end
$function$"""

OWN_ROW = f"{SCHOOL} and id = (select app.person_id())"
OWN_NOTE = f"{SCHOOL} and by_id = (select app.person_id())"
SEEN = f"{SCHOOL} and parent_id <> all ((select app.not_for_office())::uuid[])"
#: Table -> verb with columns, the rows.
OF_OFFICES = (
    ("authority", "select", AUTHORITY),
    ("school", "select", SCHOOL),
    ("staff_member", "select", OWN_ROW),
    ("staff_member", "update (accepted_at)", OWN_ROW),
    ("announcement", "select", AUTHORITY),
    ("audit_event", "insert", SCHOOL),
    (
        "parent_contact",
        "select (school_id, parent_id, first_name, last_name, email, phone, language, interpreter, texts_stopped_at,"
        " emails_stopped_at)",
        SEEN,
    ),
    (
        "parent",
        "select (school_id, id, invited_at)",
        f"{SCHOOL} and id <> all ((select app.not_for_office())::uuid[])",
    ),
    ("cohort", "select (school_id, id, name, room, places, state)", SCHOOL),
    (
        "cohort_session",
        "select (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state, moved_from)",
        SCHOOL,
    ),
    ("signup_link", "select", f"{SCHOOL} and kind = 'page'"),
    (
        "contact_with_parent",
        "select (school_id, id, parent_id, how, outcome, at, noted_at, by_id)",
        f"{OWN_NOTE} and parent_id <> all ((select app.not_for_office())::uuid[])",
    ),
    (
        "contact_with_parent",
        "delete",
        f"{OWN_NOTE} and (state is null or state = 'open') and steps = '[]'"
        " and (noted_at at time zone 'Europe/London')::date"
        " = ((select app.now()) at time zone 'Europe/London')::date",
    ),
)
#: What the functions read and write, and did not before.
FOR_HELPER = (
    ("parent_contact", "select (not_for_office)"),
    ("contact_with_parent", "select (by_id, how, outcome, at)"),
    (
        "contact_with_parent",
        "insert (school_id, id, parent_id, how, outcome, at, noted_at, by_id, by_name, action, due_on, owner_id,"
        " state)",
    ),
)
FOR_IDENTITY = (("contact_with_parent", "select (how, outcome, at)"),)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(CHECKS)
    op.execute(AUDIENCE)
    replace([ISSUE_TOKEN, MAY_AGREE])
    op.execute("grant usage on schema public, app, identity to wb_office")
    op.execute(
        "grant execute on function app.authority_id(), app.school_id(), app.person_id(), app.now() to wb_office"
    )
    # As their owner, who gave them to everybody else. What is published is for an office as for anybody.
    op.execute("set local role wb_helper")
    op.execute(CALL_MAKERS)
    op.execute(
        "grant execute on function app.results_for_everybody(), app.results_withdrawn_for_everybody() to wb_office"
    )
    op.execute("reset role")
    for table, what in FOR_HELPER:
        op.execute(f"grant {what} on {table} to wb_helper")
    op.execute(
        "create policy contact_with_parent_helper_insert on contact_with_parent for insert to wb_helper"
        " with check (true)"
    )
    for table, what in FOR_IDENTITY:
        op.execute(f"grant {what} on {table} to wb_identity")
    op.execute(NOT_FOR_OFFICE)
    op.execute("grant execute on function app.not_for_office() to wb_office, wb_identity")
    op.execute("alter function app.not_for_office() owner to wb_helper")
    install([LETTERS])
    op.execute(NOTE)
    op.execute("grant execute on function app.note_at_office(uuid, uuid, text, text, text) to wb_office")
    op.execute("alter function app.note_at_office(uuid, uuid, text, text, text) owner to wb_helper")
    for table, what, rows in OF_OFFICES:
        verb = what.split()[0]
        clause = {
            "select": f"using ({rows})",
            "update": f"using ({rows}) with check ({rows})",
            "insert": f"with check ({rows})",
            "delete": f"using ({rows})",
        }[verb]
        op.execute(f"grant {what} on {table} to wb_office")
        op.execute(f"create policy {table}_office_{verb} on {table} for {verb} to wb_office {clause}")
