"""Let a paper name who reads concerns first only once the council has accepted it, and each name only once.

While the council had accepted none, the newest paper that was drawn counted: a lead typed a name, waited for the paper
to be made again, and alone appointed that reader at any address, before anybody had signed anything. And the paper's
name was compared alone: whoever was invited by it had no say when the lead invited a second and third of that name.

Now a name counts that stands in what the council accepted (of a school that came back: since), and while somebody of
that name is invited to read concerns or does, the next takes a second person, whichever of the two roles it is for.

Everybody concerned is told of a first reader at once, as of any other appointment; the council heard nothing.

Risk: a school whose lead invites before the council accepts waits for its officer, or invites anew afterwards. Who
began by a drawn paper stays; `accept` is refused where they are not named. Code of before calls `ask_appointment`
alone, which keeps its arguments.
Rejected: comparing addresses (the paper names none, and they are the lead's to type).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import drop, function, install, replace

revision = "0113"
down_revision = "0112"

NAMED = function(
    "named_reader",
    "p_school uuid, p_is_deputy boolean",
    "text",
    """
declare v_since timestamptz; v_named jsonb;
begin
  -- Who reads concerns by the agreement that the council accepted last, as names are compared; null without one. What
  -- was agreed before the school left and came back has ended.
  select coalesce(max(e.at), '-infinity') into v_since from public.onboarding_event e
    where e.school_id = p_school and e.to_stage = 'prospect' and e.from_stage is not null;
  select r.named into v_named from public.agreement_review r
    where r.school_id = p_school and r.decision = 'accepted' and r.at > v_since order by r.at desc limit 1;
  return nullif(identity.plain_name(
    v_named ->> case when p_is_deputy then 'school_dsl_deputy' else 'school_dsl' end), '');
end""",
    (),
)

PLAIN = function(
    "plain_name",
    "p_name text",
    "text",
    """
begin
  -- As `app/schools/naming.py` compares: small letters, single spaces.
  return lower(btrim(regexp_replace(p_name, '\\s+', ' ', 'g')));
end""",
    (),
)

FIRST = function(
    "is_first_holder",
    "p_role text, p_authority uuid, p_school uuid, p_person uuid",
    "boolean",
    """
declare v_name text; v_deputy boolean;
begin
  -- Before any parent is there whose words somebody could read: while nobody holds the role. Who reads concerns: whom
  -- the accepted agreement names, while nobody else of that name is invited to read or does.
  if p_school is null then
    return identity.acting(p_role, p_authority, null) = '{}' and not exists (select from public.parent p
      join public.school k on k.school_id = p.school_id where k.authority_id = p_authority);
  end if;
  if exists (select from public.parent p where p.school_id = p_school) then return false; end if;
  if p_role <> 'school_dsl' then return identity.acting(p_role, p_authority, p_school) = '{}'; end if;
  select identity.plain_name(m.name), m.is_deputy into v_name, v_deputy from public.staff_member m
    where m.school_id = p_school and m.id = p_person;
  return v_name = identity.named_reader(p_school, v_deputy)
    and exists (select from public.school k where k.school_id = p_school and k.stage not in ('active', 'paused'))
    and not exists (select from public.staff_member o
      left join public.appointment a on a.school_id = o.school_id and a.person_id = o.id and a.kind = 'appoint'
        and a.stopped_at is null
      where o.school_id = p_school and o.id <> p_person and o.role = 'school_dsl' and o.ended_at is null
        and v_name in (identity.plain_name(o.name), identity.plain_name(a.name)));
end""",
    (),
)

ASK = function(
    "ask_appointment",
    "p_new uuid, p_kind text, p_school uuid, p_person uuid",
    "text",
    """
declare v_role text; v_name text; v_email text; v_asker uuid := identity.own_account(); v_asker_name text;
  v_basis text := 'second_person'; v_seconds uuid[]; v_open uuid; v_deputy boolean;
begin
  -- 'free': no second person is needed. 'begins': at once. 'waits': for somebody to agree. 'nobody': there is no one
  -- who could, so nothing is written. What is to be is read from the list of people, not from the caller.
  if v_asker is null or current_setting('role') not in ('wb_school', 'wb_dsl', 'wb_authority')
    or (current_setting('role') <> 'wb_authority' and p_school is distinct from app.school_id())
    or (p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids()))
  then raise insufficient_privilege; end if;
  perform identity.hold_place(app.authority_id(), p_school);
  if p_school is null then
    select m.role, m.name, lower(m.email) into v_role, v_name, v_email from public.authority_member m
      where m.authority_id = app.authority_id() and m.id = p_person and m.ended_at is null;
  else
    select m.role, m.name, lower(m.email), m.is_deputy into v_role, v_name, v_email, v_deputy
      from public.staff_member m
      where m.school_id = p_school and m.id = p_person and m.ended_at is null;
  end if;
  if v_role is null then raise insufficient_privilege; end if;
  if p_kind = 'appoint' and not identity.is_guarded(v_role, current_setting('role')) then return 'free'; end if;
  if p_kind = 'reset' and not identity.sees_more(p_person, v_role) then return 'free'; end if;
  if p_school is null then
    select a.id into v_open from public.authority_appointment a where a.authority_id = app.authority_id()
      and a.person_id = p_person and a.kind = p_kind and a.stopped_at is null and a.done_at is null;
  else
    select a.id into v_open from public.appointment a where a.school_id = p_school
      and a.person_id = p_person and a.kind = p_kind and a.stopped_at is null and a.done_at is null;
  end if;
  if v_open is not null then return 'waits'; end if;
  if p_kind = 'appoint' and identity.is_first_holder(v_role, app.authority_id(), p_school, p_person) then
    v_basis := 'first_holder';
  else
    v_seconds := identity.seconds_of(v_role, app.authority_id(), p_school, v_asker, p_person);
    if v_seconds = '{}' then return 'nobody'; end if;
  end if;
  select a.name into v_asker_name from identity.account a where a.id = v_asker;
  if p_school is null then
    insert into public.authority_appointment (authority_id, id, kind, person_id, role, name, email, basis, asked_by,
        asked_by_name, asked_at, begins_at)
      values (app.authority_id(), p_new, p_kind, p_person, v_role, v_name, v_email, v_basis, v_asker, v_asker_name,
        app.now(), case v_basis when 'first_holder' then app.now() end);
  else
    insert into public.appointment (school_id, id, kind, person_id, role, name, email, basis, asked_by, asked_by_name,
        asked_at, begins_at, is_deputy)
      values (p_school, p_new, p_kind, p_person, v_role, v_name, v_email, v_basis, v_asker, v_asker_name, app.now(),
        case v_basis when 'first_holder' then app.now() end, v_deputy);
  end if;
  perform identity.note_appointment(app.authority_id(), p_school, p_kind, 'asked', p_person, v_role);
  if v_basis = 'first_holder' then
    if v_role = 'school_dsl' then
      perform identity.tell_of_appointment(app.authority_id(), p_school, p_new, 'first_reader', p_person);
    end if;
    return 'begins';
  end if;
  perform identity.tell_of_appointment(app.authority_id(), p_school, p_new,
    case p_kind when 'reset' then 'reset_asked' else 'appointment_asked' end, p_person);
  return 'waits';
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install([PLAIN, NAMED, FIRST])
    replace([ASK])
    drop(["is_first_holder(text, uuid, uuid, text)", "named_readers(uuid)"])
