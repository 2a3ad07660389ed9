"""Keep offers of a place: to whom, until which day, and what became of them.

Staff gave a place to whoever came next, and learned weeks later that they could not come on that day. An offer keeps
the place until a day; the parent takes it, or says no thank you and goes on waiting. Taking is a function of the
database: a parent may write no place, and the group is held while it is decided. An offer ends as its parent leaves the
list, whoever takes them off it.

What is offered is shown by `app.my_offer` alone, as groups are: not while a fresh start waits. Which days and which
room stand in no row that a parent may read before they have said yes.

The schedule writes offers too, where a group offers on; it holds the group by a right to a column that nothing reads.

Risk: none for rows that are there; the trigger on `parent` fires only on a step off the list.
Rejected: a stage of the parent ("offered": it would have to be handled wherever somebody is ready), and a place that is
not certain yet (each list of members would have to leave it out).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0118"
down_revision = "0117"

OFFERS = """
create table place_offer (
  school_id uuid not null references school (school_id),
  id uuid not null,
  cohort_id uuid not null,
  parent_id uuid not null,
  state text not null default 'open',
  answer_by date not null,
  by_name text not null default '',
  offered_at timestamptz not null default app.now(),
  ended_at timestamptz,
  ended_by_name text not null default '',
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint place_offer_state check (state in ('open', 'taken', 'declined', 'lapsed', 'withdrawn')),
  constraint place_offer_ended check ((ended_at is null) = (state = 'open')));
create unique index place_offer_open on place_offer (school_id, parent_id) where state = 'open';
create index place_offer_by_cohort on place_offer (school_id, cohort_id, offered_at);
alter table cohort add column offers_on boolean not null default false;
"""
MAY_FORM = f"{SCHOOL} and (select app.school_may('form_groups'))"
#: Not while a fresh start waits, as `app.joined_cohort_ids`: whoever asked for one may not be them.
MY_OFFER = """
create function app.my_offer() returns table (offer_id uuid, cohort_id uuid, name text, room text, days date[],
    starts_at time, minutes int, leaders text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select o.id, c.id, c.name, c.room, coalesce((select array_agg(s.on_date order by s.on_date)
          from public.cohort_session s where s.school_id = c.school_id and s.cohort_id = c.id and s.state = 'planned'
          and (s.on_date + s.ends_at) at time zone 'Europe/London' > app.now()), '{}'),
        c.starts_at, c.minutes::int, app.leader_names(c.id)
      from public.place_offer o
      join public.cohort c on c.school_id = o.school_id and c.id = o.cohort_id and c.state in ('forming', 'running')
      where o.school_id = (select app.school_id()) and o.parent_id = (select app.person_id()) and o.state = 'open'
        and not exists (select from public.fresh_start f where f.school_id = (select app.school_id())
          and f.person_id = (select app.person_id()) and f.waits_until > app.now()
          and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back');
  end"""
TAKE = """
create function app.take_offer(p_offer_id uuid) returns boolean language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $function$
declare v_cohort uuid;
begin
  select o.cohort_id into v_cohort from public.place_offer o where o.school_id = app.school_id()
    and o.id = p_offer_id and o.parent_id = app.person_id() and o.state = 'open';
  if not found or exists (select from public.fresh_start f where f.school_id = (select app.school_id())
          and f.person_id = (select app.person_id()) and f.waits_until > app.now()
          and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back') then return false; end if;
  -- The group first, as everybody holds it.
  perform from public.cohort c where c.school_id = app.school_id() and c.id = v_cohort
    and c.state in ('forming', 'running') for no key update;
  if not found then return false; end if;
  update public.place_offer o set state = 'taken', ended_at = app.now() where o.school_id = app.school_id()
    and o.id = p_offer_id and o.parent_id = app.person_id() and o.state = 'open';
  if not found then return false; end if;
  insert into public.enrolment (school_id, id, cohort_id, parent_id, status, joined_at)
    values (app.school_id(), gen_random_uuid(), v_cohort, app.person_id(), 'in_group', app.now())
    on conflict on constraint enrolment_once do update set status = 'in_group', joined_at = app.now(), left_at = null,
      left_reason = '', told_at = null;
  return true;
end
$function$"""
END = """
create function app.offer_ends_with_stage() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $function$
begin
  update public.place_offer o set state = 'withdrawn', ended_at = app.now()
    where o.school_id = new.school_id and o.parent_id = new.id and o.state = 'open';
  return null;
end
$function$"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(OFFERS)
    for statement in protect(
        "place_offer",
        [
            Access("wb_school", "select", SCHOOL),
            Access("wb_school", "insert", MAY_FORM),
            Access("wb_parent", "select", OWN_PARENT),
            Access("wb_documents", "select, insert", SCHOOL),
            Access("wb_dispatch", "select", SCHOOL),
        ],
    ):
        op.execute(statement)
    ends = (
        ("wb_school", "state, ended_at, ended_by_name", SCHOOL, SCHOOL),
        ("wb_documents", "state, ended_at", SCHOOL, SCHOOL),
        (
            "wb_parent",
            "state, ended_at",
            f"{OWN_PARENT} and state = 'open'",
            f"{OWN_PARENT} and state = 'declined'",
        ),
        ("wb_helper", "state, ended_at", "true", "true"),
    )
    for role, columns, rows, writes in ends:
        op.execute(f"grant update ({columns}) on place_offer to {role}")
        op.execute(
            f"create policy place_offer_{role.removeprefix('wb_')}_update on place_offer for update to {role}"
            f" using ({rows}) with check ({writes})"
        )
    op.execute("grant select (school_id, id, cohort_id, parent_id, state) on place_offer to wb_helper")
    op.execute("create policy place_offer_helper_select on place_offer for select to wb_helper using (true)")
    op.execute(
        "grant select (name, room, starts_at, minutes), update (is_first_group) on cohort to wb_helper"
    )
    op.execute(
        "create policy cohort_helper_update on cohort for update to wb_helper using (true) with check (true)"
    )
    op.execute("grant update (is_first_group) on cohort to wb_documents")
    op.execute(
        f"create policy cohort_documents_update on cohort for update to wb_documents using ({SCHOOL})"
        f" with check ({SCHOOL})"
    )
    op.execute("grant insert on enrolment to wb_helper")
    op.execute("grant update (status, joined_at, left_at, left_reason, told_at) on enrolment to wb_helper")
    for verb, clause in (("insert", "with check (true)"), ("update", "using (true) with check (true)")):
        op.execute(f"create policy enrolment_helper_{verb} on enrolment for {verb} to wb_helper {clause}")
    for create, name, roles in (
        (MY_OFFER, "my_offer()", "wb_parent"),
        (TAKE, "take_offer(uuid)", "wb_parent"),
        (END, "offer_ends_with_stage()", ""),
    ):
        op.execute(create)
        if roles:
            op.execute(f"grant execute on function app.{name} to {roles}")
    op.execute(
        "create trigger parent_leaves_the_list after update of stage on parent for each row"
        " when (old.stage in ('joined', 'waiting') and new.stage not in ('joined', 'waiting'))"
        " execute function app.offer_ends_with_stage()"
    )
    for name in ("my_offer()", "take_offer(uuid)", "offer_ends_with_stage()"):
        op.execute(f"alter function app.{name} owner to wb_helper")
