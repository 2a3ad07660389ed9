"""Let a parent ask at another school of their council by their own press, from the account that they have.

Why: a child changes school, and a parent could only leave here and write there as a stranger, with a second account for
the same person; or staff told each other, which they may not.

What goes is a row of the other school's sign-up list, without a link: name, number, email, language. Staff there know
who it is, or do not, as of anybody who asks by themselves. Only where they take somebody into their list as new does
the account that asked get its page there: never a record that was there before, whatever they write on the row. Which
account it is stands where no audience reads it, and no word of it at the school that they came from.

One function writes into another school, against a proven press (`identity.pressing_membership`), and reads what it
copies itself; nothing that staff or the page hand in decides whose row it is.

Risk: code of before does not show such a row to staff until it is replaced; it waits 28 days.
Rejected: a row in `parent` at once (a stranger would be a person of the school, as 0130 says); finding the record by
number or email and opening it to the account (whoever writes that number on a record would open it to somebody); a
request that the old school passes on (it would be told where to).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0152"
down_revision = "0151"

TABLE = """
create table identity.school_move (
  in_school uuid not null,
  signup_id uuid not null,
  membership_id uuid not null references identity.membership on delete cascade,
  asked_at timestamptz not null default app.now(),
  primary key (in_school, signup_id),
  foreign key (in_school, signup_id) references public.signup (school_id, id) on delete cascade);
create index school_move_by_membership on identity.school_move (membership_id);
"""
#: Of the schools that one could go to nothing but what a map says, and whether one is there already.
SCHOOLS = function(
    "schools_to_move_to",
    "",
    "table (school_id uuid, name text, town text, is_mine boolean)",
    """
declare v_account uuid := (select m.account_id from identity.membership m
  where m.id = identity.pressing_membership() and m.role = 'parent');
begin
  return query select s.school_id, s.name, coalesce(r.town, ''),
      exists (select from identity.membership o where o.account_id = v_account and o.role = 'parent'
        and o.in_school = s.school_id and o.ended_at is null)
    from public.school s left join public.register_school r on r.urn = s.urn
    where v_account is not null and s.authority_id = app.authority_id() and s.stage = 'active'
      and s.school_id <> app.school_id()
    order by lower(s.name), s.school_id;
end""",
    ("wb_parent",),
)
MOVE = function(
    "ask_other_school",
    "p_signup uuid, p_school uuid",
    "text",
    """
declare v_mine identity.membership; v_from public.parent_contact; v_waits uuid;
begin
  select m.* into v_mine from identity.membership m
    where m.id = identity.pressing_membership() and m.role = 'parent';
  if v_mine.id is null or current_setting('role') <> 'wb_parent' then return 'nobody'; end if;
  -- Pressed in two windows they come one after the other.
  perform pg_advisory_xact_lock(hashtextextended('school_move:' || v_mine.account_id, 0));
  -- An old telephone may be reading: nothing goes anywhere while somebody asks for a new way in.
  if exists (select from public.fresh_start f where f.school_id = v_mine.in_school and f.person_id = v_mine.person_id
    and f.waits_until > app.now() and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back')
  then return 'held'; end if;
  select v.in_school into v_waits from identity.school_move v
    join identity.membership m on m.id = v.membership_id and m.account_id = v_mine.account_id
    join public.signup g on g.school_id = v.in_school and g.id = v.signup_id and g.accepted_at is null limit 1;
  if v_waits = p_school then return 'asked_before'; end if;
  if v_waits is not null then return 'waits'; end if;
  if p_school = v_mine.in_school or not exists (select from public.school s where s.school_id = p_school
    and s.authority_id = v_mine.in_authority and s.stage = 'active') then return 'closed'; end if;
  if exists (select from identity.membership o where o.account_id = v_mine.account_id and o.role = 'parent'
    and o.in_school = p_school and o.ended_at is null) then return 'here'; end if;
  select c.first_name, c.last_name, c.email, c.phone, c.language
    into v_from.first_name, v_from.last_name, v_from.email, v_from.phone, v_from.language
    from public.parent_contact c where c.school_id = v_mine.in_school and c.parent_id = v_mine.person_id;
  insert into public.signup (school_id, id, first_name, last_name, email, phone, language)
    values (p_school, p_signup,
      left(coalesce(nullif(btrim(v_from.first_name), ''), btrim(v_from.last_name)), 100),
      left(case when btrim(v_from.first_name) = '' then '' else v_from.last_name end, 100),
      v_from.email, v_from.phone, v_from.language);
  insert into identity.school_move (in_school, signup_id, membership_id) values (p_school, p_signup, v_mine.id);
  return 'asked';
end""",
    ("wb_parent",),
)
#: What they sent, and how it stands. Where staff found that they know them, it says no more than that it was read.
MINE = function(
    "my_school_move",
    "",
    "table (school_name text, asked_at timestamptz, first_name text, last_name text, email text, phone text,"
    " language text, is_read boolean, has_page boolean)",
    """
begin
  return query select s.name, v.asked_at, g.first_name, g.last_name, g.email, g.phone, g.language,
      g.accepted_at is not null,
      exists (select from identity.membership o where o.account_id = mine.account_id and o.role = 'parent'
        and o.in_school = v.in_school and o.person_id = g.parent_id and o.ended_at is null)
    from identity.membership mine
    join identity.membership m on m.account_id = mine.account_id
    join identity.school_move v on v.membership_id = m.id
    join public.signup g on g.school_id = v.in_school and g.id = v.signup_id
    join public.school s on s.school_id = v.in_school
    where mine.id = identity.pressing_membership() and mine.role = 'parent'
    order by g.accepted_at is not null, v.asked_at desc, v.signup_id limit 1;
end""",
    ("wb_parent",),
)
BACK = function(
    "take_back_school_move",
    "",
    "text",
    """
declare v_account uuid := (select m.account_id from identity.membership m
  where m.id = identity.pressing_membership() and m.role = 'parent');
begin
  if v_account is null then return 'nobody'; end if;
  -- Who takes them into the list at this moment is first or second: then it is read.
  delete from public.signup g using identity.school_move v join identity.membership m on m.id = v.membership_id
    where m.account_id = v_account and g.school_id = v.in_school and g.id = v.signup_id and g.accepted_at is null;
  return case when found then 'taken_back' when exists (select from identity.school_move v
    join identity.membership m on m.id = v.membership_id where m.account_id = v_account) then 'read' else 'gone' end;
end""",
    ("wb_parent",),
)
#: Given by whoever of the staff took them into the list, to the account that asked and to no other.
OPEN = function(
    "open_to_mover",
    "p_signup uuid, p_new_membership uuid",
    "boolean",
    """
declare v_person uuid; v_mover identity.membership;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') or not identity.is_pressed() then return false; end if;
  select g.parent_id into v_person from public.signup g where g.school_id = app.school_id() and g.id = p_signup
    and g.link_id is null and g.is_new and g.accepted_at is not null;
  -- Whoever pressed has been the same person there ever since: not where their way in was ended, or made anew.
  select m.* into v_mover from identity.school_move v
    join identity.membership m on m.id = v.membership_id and m.ended_at is null and m.role = 'parent'
      and m.in_authority = app.authority_id()
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where v.in_school = app.school_id() and v.signup_id = p_signup;
  if v_person is null or v_mover.id is null then return false; end if;
  -- As whoever uses a link of theirs holds them. Nobody has ever come in as this person, or said anything as them:
  -- staff write these rows, and may not open by them what is somebody's.
  perform pg_advisory_xact_lock(hashtextextended(v_person::text, 0));
  if not exists (select from public.parent p where p.school_id = app.school_id() and p.id = v_person
      and p.stage = 'identified')
    or not identity.only_claimed(app.school_id(), v_person)
    or exists (select from public.parent_event e where e.school_id = app.school_id() and e.parent_id = v_person
      and (e.from_stage is not null or e.how <> 'own_account'))
    or exists (select from identity.membership m where m.account_id = v_mover.account_id and m.role = 'parent'
      and m.in_school = app.school_id() and m.ended_at is null)
  then return false; end if;
  -- A stop that they sent stops the same number, and the same address, here.
  update public.parent_contact c set
      texts_stopped_at = case when c.phone = o.phone then o.texts_stopped_at end,
      emails_stopped_at = case when c.email = o.email then o.emails_stopped_at end
    from public.parent_contact o where c.school_id = app.school_id() and c.parent_id = v_person
      and o.school_id = v_mover.in_school and o.parent_id = v_mover.person_id;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_new_membership, v_mover.account_id, 'parent', v_mover.in_authority, app.school_id(), v_person);
  insert into identity.sign_in_event (account_id, event) values (v_mover.account_id, 'other_school_opened');
  return true;
end""",
    ("wb_school",),
)
#: As before, and of who asked from an account of theirs: until they have their page it is a claim too.
ONLY_CLAIMED = function(
    "only_claimed",
    "p_school uuid, p_parent uuid",
    "boolean",
    """
begin
  -- They came into the list by a public page, where anybody may write anything, and have not come in themselves.
  return exists (select from public.parent_event e where e.school_id = p_school and e.parent_id = p_parent
      and e.from_stage is null and e.how in ('signed_up', 'passed_on', 'own_account'))
    and not exists (select from identity.membership m where m.in_school = p_school and m.person_id = p_parent);
end""",
    (),
)
#: As before: whoever asked from their own account has spoken, as on the page.
ONLY_PASSED_ON = function(
    "only_passed_on",
    "",
    "table (parent_id uuid, said_at timestamptz, organisation text)",
    """
begin
  return query select g.parent_id, g.said_at, l.organisation from public.signup g
    join public.signup_link l on l.school_id = g.school_id and l.id = g.link_id and l.kind <> 'page'
    join public.parent p on p.school_id = g.school_id and p.id = g.parent_id and p.stage in ('identified', 'invited')
    join public.parent_contact c on c.school_id = g.school_id and c.parent_id = g.parent_id
      and c.texts_stopped_at is null and c.emails_stopped_at is null
    where g.school_id = app.school_id() and g.is_new
      and not exists (select from public.parent_event e where e.school_id = g.school_id and e.parent_id = g.parent_id
        and (e.by_side = 'parent' or e.to_stage not in ('identified', 'invited')
          or e.from_stage not in ('identified', 'invited')))
      and not exists (select from public.signup o left join public.signup_link k on k.school_id = o.school_id
        and k.id = o.link_id where o.school_id = g.school_id and o.parent_id = g.parent_id
        and (o.link_id is null or k.kind = 'page'))
      and not exists (select from public.contact_doubt d where d.school_id = g.school_id
        and d.person_kind = 'parent' and d.person_id = g.parent_id and d.settled_at is null)
      and not exists (select from identity.membership m where m.person_id = g.parent_id);
end""",
    (),
)
#: As before; whoever has a page of their own is no slip of the pen. Without this the page would be nobody's.
NOT_ASKED = """
create or replace function app.not_asked_parent_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(p.id), '{}') from public.parent p where p.school_id = (select app.school_id())
          and p.stage = 'identified' and p.invited_at is null and p.joined_at is null
          and not exists (select from identity.membership m where m.person_id = p.id))
"""
#: What these functions may do, and their owner could not before.
RIGHTS = (
    "grant select (urn, town) on public.register_school to wb_identity",
    "grant select (last_name, language), update (texts_stopped_at, emails_stopped_at) on public.parent_contact"
    " to wb_identity",
    "grant delete on public.signup to wb_identity",
    "create policy signup_identity_delete on public.signup for delete to wb_identity using (link_id is null)",
    "grant select, insert on identity.school_move to wb_identity",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("alter table public.signup alter column link_id drop not null")
    op.execute(TABLE)
    for statement in RIGHTS:
        op.execute(statement)
    install((SCHOOLS, MOVE, MINE, BACK, OPEN))
    replace((ONLY_CLAIMED, ONLY_PASSED_ON))
    op.execute("set local role wb_helper")
    op.execute(NOT_ASKED)
    op.execute("reset role")
