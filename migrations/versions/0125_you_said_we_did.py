"""Keep what a group says to its school together, who of the group agrees, what the school replies, and whether that is
enough.

Parents said the same things in every group, and the school never heard them, or heard them from one mouth. Those who
lead write a theme down; it is the group's when five of its parents say so and more agree than not, and only then can
the school read it. Who agreed is told to nobody: a parent reads their own row, all others totals. The council reads how
many there are and how long replies take; words only of themes that five parents released to it.

No count is shown that moves: neither how many agree before they are enough, nor ratings while they still come; whoever
watched it would learn what somebody said. Voices are written by functions of the database alone: they count under a
lock, so that two who press at once make no two approvals. Who came in by a fresh start neither reads what was said
before it nor keeps it by saying something else, and whoever left the group has taken their voice along.

Risk: none for rows that are there. Rejected: approval by those who lead (it would be their word), an anonymous box for
each parent (it names its writer by what it says), and a trigger on the voices (the parent may not write the theme).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import JOINED_COHORT, LED_COHORT, OWN_PARENT, SCHOOL, Access, protect

revision = "0125"
down_revision = "0124"

TABLES = """
create table group_theme (
  school_id uuid not null references school (school_id),
  id uuid not null,
  cohort_id uuid not null,
  facilitator_id uuid not null,
  words text not null,
  state text not null default 'proposed',
  proposed_at timestamptz not null default app.now(),
  approved_at timestamptz,
  reply_by date,
  reply text not null default '',
  replied_at timestamptz,
  replied_by_name text not null default '',
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id),
  constraint group_theme_words check (words <> '' and char_length(words) <= 300),
  constraint group_theme_reply check (char_length(reply) <= 1500),
  constraint group_theme_state check (state in ('proposed', 'approved', 'replied', 'withdrawn')),
  constraint group_theme_approved check (
    (state in ('approved', 'replied')) = (approved_at is not null) and (approved_at is null) = (reply_by is null)),
  constraint group_theme_replied check (
    (state = 'replied') = (replied_at is not null) and (replied_at is null) = (reply = '')));
create index group_theme_by_cohort on group_theme (school_id, cohort_id, proposed_at);
create table theme_voice (
  school_id uuid not null references school (school_id),
  theme_id uuid not null,
  parent_id uuid not null,
  ours boolean,
  to_council boolean not null default false,
  enough text not null default '',
  at timestamptz not null default app.now(),
  primary key (school_id, theme_id, parent_id),
  foreign key (school_id, theme_id) references group_theme (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint theme_voice_enough check (enough in ('', 'yes', 'partly', 'no')));
create trigger group_theme_keys before update of cohort_id, facilitator_id on group_theme
  for each row execute function app.keys_never_move('cohort_id', 'facilitator_id');
"""
#: Of parents who belong to the group still: whoever left has taken their voice along.
VOICES = """public.theme_voice v join public.enrolment e on e.school_id = v.school_id and e.cohort_id = t.cohort_id
        and e.parent_id = v.parent_id and e.status in ('in_group', 'finished')
        where v.school_id = t.school_id and v.theme_id = t.id"""
#: Neither before a group has six (five of five would name them), nor by somebody who cannot be told apart from another.
SAY = """
create function app.say_ours(p_theme_id uuid, p_ours boolean, p_to_council boolean, p_reply_by date) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare t public.group_theme; v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  select g.* into t from public.group_theme g where g.school_id = app.school_id() and g.id = p_theme_id
    and g.cohort_id = any (app.joined_cohort_ids()) and g.state <> 'withdrawn' for no key update;
  if not found or identity.my_way_since() = 'infinity' then return ''; end if;
  insert into public.theme_voice as v (school_id, theme_id, parent_id, ours, to_council, at)
    values (app.school_id(), p_theme_id, app.person_id(), p_ours, p_ours and p_to_council, app.now())
    on conflict (school_id, theme_id, parent_id) do update
      set ours = excluded.ours, to_council = excluded.to_council, at = excluded.at,
        enough = case when v.at > identity.my_way_since() then v.enough else '' end;
  if t.state = 'proposed' and (select c.state = 'running' from public.cohort c
      where c.school_id = t.school_id and c.id = t.cohort_id)
    and (select count(*) > 5 from public.enrolment e where e.school_id = t.school_id and e.cohort_id = t.cohort_id
      and e.status in ('in_group', 'finished'))
    and (select count(*) filter (where v.ours) >= 5
        and count(*) filter (where v.ours) > count(*) filter (where not v.ours) from {VOICES})
  then
    update public.group_theme g set state = 'approved', approved_at = app.now(),
      reply_by = greatest(v_today + 14, least(p_reply_by, v_today + 70))
      where g.school_id = app.school_id() and g.id = p_theme_id;
    return 'approved';
  end if;
  return t.state;
end
$function$"""
#: For two weeks after the reply; then they are counted, once.
RATE = """
create function app.rate_reply(p_theme_id uuid, p_enough text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  perform from public.group_theme t where t.school_id = app.school_id() and t.id = p_theme_id
    and t.cohort_id = any (app.joined_cohort_ids()) and t.state = 'replied'
    and t.replied_at > app.now() - interval '14 days' for no key update;
  if not found or identity.my_way_since() = 'infinity' then return false; end if;
  insert into public.theme_voice as v (school_id, theme_id, parent_id, enough, at)
    values (app.school_id(), p_theme_id, app.person_id(), p_enough, app.now())
    on conflict (school_id, theme_id, parent_id) do update set enough = excluded.enough, at = excluded.at,
      ours = case when v.at > identity.my_way_since() then v.ours end,
      to_council = v.to_council and v.at > identity.my_way_since();
  return true;
end
$function$"""
#: From five on and not where all say the same: either would say what somebody said. Not while answers still come.
RATINGS = """
create function app.reply_ratings() returns table (theme_id uuid, enough bigint, partly bigint, not_enough bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.id, r.yes, r.partly, r.no
      from public.group_theme t, lateral (select count(*) filter (where v.enough = 'yes') as yes,
          count(*) filter (where v.enough = 'partly') as partly, count(*) filter (where v.enough = 'no') as no,
          count(*) as said from {VOICES} and v.enough <> '') r
      where t.school_id = (select app.school_id()) and t.state = 'replied'
        and t.replied_at <= app.now() - interval '14 days'
        and r.said >= 5 and greatest(r.yes, r.partly, r.no) < r.said;
  end"""
OF_COUNCIL = """
create function app.themes_of_council() returns table (school_id uuid, approved_at timestamptz, reply_by date,
    replied_at timestamptz, words text, reply text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.school_id, t.approved_at, t.reply_by, t.replied_at,
        case when r.released then t.words end, case when r.released then t.reply end
      from public.group_theme t, lateral (select count(*) >= 5 as released from {VOICES} and v.to_council) r
      where t.school_id = any (app.authority_school_ids()) and t.state in ('approved', 'replied');
  end"""
#: What a parent says is in their trail and in nobody else's; what the group has not approved is not the school's.
OWN = (
    "cohorts:absence:said",
    "cohorts:absence:taken_back",
    "cohorts:topics:voted",
    "measures:answer:saved",
    "measures:answers:sent",
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
FUNCTIONS = (
    ("app.say_ours(uuid, boolean, boolean, date)", SAY, "wb_parent"),
    ("app.rate_reply(uuid, text)", RATE, "wb_parent"),
    ("app.reply_ratings()", RATINGS, "wb_parent, wb_facilitator, wb_school"),
    ("app.themes_of_council()", OF_COUNCIL, "wb_authority"),
)
THEIRS = f"{SCHOOL} and state in ('approved', 'replied')"
OWN_PROPOSAL = f"{LED_COHORT} and facilitator_id = (select app.person_id()) and state = 'proposed'"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLES)
    for statement in (
        *protect(
            "group_theme",
            [
                Access("wb_facilitator", "select", LED_COHORT),
                Access("wb_facilitator", "insert", OWN_PROPOSAL),
                Access("wb_parent", "select", f"{JOINED_COHORT} and state <> 'withdrawn'"),
                Access("wb_school", "select", THEIRS),
                Access("wb_helper", "select, update", "true"),
                Access("wb_documents", "select", THEIRS),
            ],
        ),
        *protect(
            "theme_voice",
            [
                # What was said before a fresh start is not shown to whoever came in by it.
                Access("wb_parent", "select", f"{OWN_PARENT} and at > (select identity.my_way_since())"),
                Access("wb_helper", "select, insert, update", "true"),
            ],
        ),
    ):
        op.execute(statement)
    for role, columns, rows, writes in (
        (
            "wb_facilitator",
            "state",
            f"{LED_COHORT} and state = 'proposed'",
            f"{LED_COHORT} and state = 'withdrawn'",
        ),
        # A reply is given once.
        (
            "wb_school",
            "state, reply, replied_at, replied_by_name",
            f"{SCHOOL} and state = 'approved'",
            f"{SCHOOL} and state = 'replied'",
        ),
    ):
        op.execute(f"grant update ({columns}) on group_theme to {role}")
        op.execute(
            f"create policy group_theme_{role.removeprefix('wb_')}_update on group_theme for update to {role}"
            f" using ({rows}) with check ({writes})"
        )
    for name, text, roles in FUNCTIONS:
        op.execute(text.replace("{VOICES}", VOICES))
        op.execute(f"grant execute on function {name} to {roles}")
        op.execute(f"alter function {name} owner to wb_helper")
    events = ", ".join(f"'{event}'" for event in OWN)
    op.execute(
        f"alter policy audit_event_school_select on audit_event using ({SCHOOL} and event not in ({events}))"
    )
