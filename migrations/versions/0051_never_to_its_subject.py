"""Keep a concern from the council's officer where it names the officer, as it was kept from a safeguarding lead.

A concern that names the officer goes to the school's safeguarding lead, whatever it is about; one that names the lead
goes to the officer, also where it is said to be about a child. What names the officer is neither handed over nor
offered to be taken over; unopened, the school's readers are told again.

Risk: none for rows from before, which name nobody by `about_officer`. Where a school has no reader and the officer is
named, nobody reads it until there is one; whoever can appoint somebody is told, and the raiser reads whom to call.
Rejected: a list of people whom each concern is kept from, for which the officers' desk would need a policy by person;
comparing names in the database, which would be a second telling of `app/safeguarding/naming.py`.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0051"
down_revision = "0050"

TABLES = """
alter table concern add column about_officer boolean not null default false;
alter table concern drop constraint concern_goes_to_dsl;
alter table concern add constraint concern_goes_to_dsl
  check (about in ('child', 'adult', 'not_sure') or about_officer);
alter table authority_concern drop constraint authority_concern_goes_to_officer;
alter table authority_concern add constraint authority_concern_goes_to_officer
  check (about in ('staff', 'school', 'facilitator', 'adult', 'not_sure', 'child'));
grant select (about_officer) on concern to wb_identity;
"""

FUNCTIONS = (
    function(
        "hand_over",
        "p_authority uuid, p_school uuid, p_concern uuid",
        "void",
        """
declare v_risk text; v_about_officer boolean; v_person uuid;
begin
  select c.risk_today, c.about_officer into v_risk, v_about_officer from public.concern c
    where c.school_id = p_school and c.id = p_concern;
  if v_about_officer then
    -- It names the officer. Those who can appoint somebody at the school hear that nobody reads there.
    foreach v_person in array identity.acting('authority_admin', p_authority, null) loop
      perform identity.write_message(p_authority, null, 'nobody_reads_concerns', 'email', v_person,
        'nobody:' || to_char(app.now(), 'YYYY-MM-DD') || ':' || v_person, 3);
    end loop;
    return;
  end if;
  insert into public.concern_handover (school_id, concern_id, authority_id, reason)
    values (p_school, p_concern, p_authority, 'no_reader') on conflict do nothing;
  update public.concern_receipt r set goes_to = 'officer' where r.school_id = p_school and r.id = p_concern
    and r.goes_to = 'dsl';
  perform identity.tell_officers(p_authority, p_concern, case v_risk when 'yes' then 'urgent' else 'waits' end);
end""",
        (),
    ),
    function(
        "tell_of_unopened",
        "",
        "integer",
        """
declare v_concern uuid; v_about_officer boolean; v_person uuid; v_count integer := 0;
begin
  -- For the schedule, in one school or one authority: each once. Officers hear of a school's and may take them over,
  -- but for what names an officer: of that the school's own readers hear again.
  if app.school_id() is not null then
    for v_concern, v_about_officer in update public.concern c set told_at = app.now()
      where c.school_id = app.school_id()
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and c.told_at is null returning c.id, c.about_officer
    loop
      if v_about_officer then
        foreach v_person in array identity.acting('school_dsl', app.authority_id(), app.school_id()) loop
          perform identity.tell_reader(app.authority_id(), app.school_id(), v_person, v_concern, 'unopened');
        end loop;
      else
        perform identity.tell_officers(app.authority_id(), v_concern, 'unopened');
      end if;
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
        (),
    ),
    function(
        "unopened_concerns",
        "",
        "table (concern_id uuid, school_id uuid, reference text, raised_at timestamptz)",
        """
begin
  -- For an officer: which schools' urgent concerns nobody has opened. Nothing of what they say.
  return query select c.id, c.school_id, c.reference, c.raised_at from public.concern c
    where c.school_id = any (app.authority_school_ids()) and not c.about_officer
      and identity.waits_too_long(c.risk_today, c.raised_at, c.opened_at, c.read_at, c.closed_at)
      and not exists (select from public.concern_handover h where h.school_id = c.school_id and h.concern_id = c.id)
    order by c.raised_at, c.id;
end""",
        (),
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
  select c.school_id into v_school from public.concern c where c.id = p_concern and not c.about_officer
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
        (),
    ),
)


def upgrade() -> None:
    op.execute(TABLES)
    replace(FUNCTIONS)
