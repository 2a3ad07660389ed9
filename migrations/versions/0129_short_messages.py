"""Keep short messages to everybody in a group: who wrote one, its words, when it goes, and who took it back before.

"The room changed" went by telephone, or by a list of numbers on somebody's own phone. Those who lead and the school's
staff write it once; it goes by each person's own channel, and stays on the group's page. By night it waits until
morning, and is taken back until a minute before it goes: whoever sends reads the row then, and not while it changes.

Who leads may know to how many it goes, not who agreed to what: a function counts.

Risk: none for rows that are there. Rejected: taking back what went out (nothing comes back out of a telephone), and a
row for each reader (the outbox has them).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import JOINED_COHORT, LED_COHORT, SCHOOL, Access, protect

revision = "0129"
down_revision = "0128"

TABLE = """
create table group_message (
  school_id uuid not null references school (school_id),
  id uuid not null,
  cohort_id uuid not null,
  facilitator_id uuid,
  by_name text not null,
  words text not null,
  written_at timestamptz not null default app.now(),
  goes_at timestamptz not null,
  stopped_at timestamptz,
  stopped_by_name text not null default '',
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id),
  constraint group_message_words check (words <> '' and char_length(words) <= 120),
  constraint group_message_times check (written_at <= goes_at and (stopped_at is null or stopped_at < goes_at)));
create index group_message_by_cohort on group_message (school_id, cohort_id, written_at);
create trigger group_message_keys before update of cohort_id, facilitator_id on group_message
  for each row execute function app.keys_never_move('cohort_id', 'facilitator_id');
"""
#: To how many of a group that somebody leads a message goes, and how; by the rules of the sending (`allowed.py`).
REACH = """
create function app.group_reach(p_cohort_id uuid)
    returns table (people bigint, by_text bigint, by_email bigint, by_none bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select count(*), count(*) filter (where r.text), count(*) filter (where r.email),
        count(*) filter (where not r.text and not r.email)
      from (
        select c.phone <> '' and c.texts_stopped_at is null and w.texts and not exists (
            select from public.contact_doubt d where d.school_id = c.school_id and d.person_id = c.parent_id
              and d.settled_at is null and d.address = c.phone) as text,
          c.email <> '' and c.emails_stopped_at is null and w.emails and not exists (
            select from public.contact_doubt d where d.school_id = c.school_id and d.person_id = c.parent_id
              and d.settled_at is null and d.address = c.email) as email
        from public.enrolment e
        join public.parent p on p.school_id = e.school_id and p.id = e.parent_id
          and p.stage not in ('said_no', 'left')
        join public.parent_contact c on c.school_id = e.school_id and c.parent_id = e.parent_id
        cross join lateral (
          select coalesce(bool_or(k.kind = 'join') and bool_or(k.kind = 'text'), false) as texts,
              coalesce(bool_or(k.kind = 'join') and bool_or(k.kind = 'email'), false) as emails
            from public.consent k
            where k.school_id = e.school_id and k.parent_id = e.parent_id and k.given) w
        where e.school_id = (select app.school_id()) and e.cohort_id = p_cohort_id and e.status = 'in_group'
          and e.cohort_id = any ((select app.led_cohort_ids())::uuid[])) r;
  end"""
NOT_GONE = "stopped_at is null and goes_at > (select app.now()) + interval '1 minute'"
OWN = f"{LED_COHORT} and facilitator_id = (select app.person_id())"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect(
        "group_message",
        [
            Access("wb_facilitator", "select", LED_COHORT),
            Access("wb_facilitator", "insert", OWN),
            # Whoever left the group reads none of them any more; who joins later reads what the group was told before.
            Access(
                "wb_parent",
                "select",
                f"{JOINED_COHORT} and stopped_at is null and goes_at <= (select app.now())",
            ),
            Access("wb_school", "select", SCHOOL),
            Access("wb_school", "insert", f"{SCHOOL} and facilitator_id is null"),
            Access("wb_dispatch", "select", SCHOOL),
        ],
    ):
        op.execute(statement)
    for role, rows in (("wb_facilitator", OWN), ("wb_school", SCHOOL)):
        op.execute(f"grant update (stopped_at, stopped_by_name) on group_message to {role}")
        op.execute(
            f"create policy group_message_{role.removeprefix('wb_')}_update on group_message for update to {role}"
            f" using ({rows} and {NOT_GONE}) with check ({rows} and stopped_at is not null)"
        )
    op.execute("grant select (emails_stopped_at, texts_stopped_at) on parent_contact to wb_helper")
    op.execute("grant select (school_id, person_id, address, settled_at) on contact_doubt to wb_helper")
    op.execute(
        "create policy contact_doubt_helper_select on contact_doubt for select to wb_helper using (true)"
    )
    op.execute(REACH)
    op.execute("grant execute on function app.group_reach(uuid) to wb_facilitator")
    op.execute("alter function app.group_reach(uuid) owner to wb_helper")
