"""Erase a wish to be called four weeks after it is over, and count what it was about in full tens.

A row that is done says for good that one parent asked for help, and about what. After four weeks it goes; what stays is
a number of the school and the need, which moves only then. Its school reads it in full tens from ten on, its council
over all its schools, from three schools on.

One parent who asks again and again about the same is counted once while an earlier or a later wish of theirs is there.
Wishes that were taken back, or that nobody needed any more, are not counted.

The homes of parents and of schools read calls by their functions, which have other names for it (decision 14).

Risk: none for rows that are there. Rejected: counting when somebody asks (staff would watch the number move, and know).
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install
from tenants.ddl import Access, protect

revision = "0148"
down_revision = "0147"

TABLE = """
create table call_count (
  school_id uuid not null references school (school_id),
  need text not null,
  calls integer not null,
  primary key (school_id, need),
  constraint call_count_need check (
    need in ('getting_to_school', 'big_feelings', 'extra_help', 'talking_with_school', 'myself', 'where_to_turn')));
"""
AWAY = """
create function app.put_calls_away(p_before timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_gone integer;
begin
  -- Nobody puts away what is not four weeks old.
  with gone as (
      delete from public.call_request r
        where r.school_id = app.school_id() and r.ended_at < least(p_before, app.now() - interval '28 days')
        returning r.parent_id, r.need, r.outcome),
    counted as (
      insert into public.call_count as c (school_id, need, calls)
        select app.school_id(), g.need, count(distinct g.parent_id) from gone g
          where g.outcome = 'spoke' and not exists (select from public.call_request o
            where o.school_id = app.school_id() and o.parent_id = g.parent_id and o.need = g.need
              and (o.ended_at is null or o.ended_at >= least(p_before, app.now() - interval '28 days')))
          group by g.need
        on conflict (school_id, need) do update set calls = c.calls + excluded.calls)
    select count(*) into v_gone from gone;
  return v_gone;
end
$function$"""
IN_TENS = """
create function app.calls_in_tens() returns table (need text, tens integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select c.need, c.calls / 10 * 10 from public.call_count c
      where c.school_id = (select app.school_id()) and c.calls >= 10 order by 2 desc, 1;
  end"""
OF_COUNCIL = """
create function app.calls_of_council() returns table (need text, tens integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select c.need, cast(floor(sum(c.calls) / 10.0) as integer) * 10 from public.call_count c
        join public.school s on s.school_id = c.school_id and s.stage <> 'left'
      where c.school_id = any (app.authority_school_ids())
      group by c.need having sum(c.calls) >= 10 and count(distinct s.controller_code) >= 3
      order by 2 desc, 1;
  end"""
FUNCTIONS = (
    ("app.put_calls_away(timestamptz)", AWAY, "wb_documents"),
    ("app.calls_in_tens()", IN_TENS, "wb_school"),
    ("app.calls_of_council()", OF_COUNCIL, "wb_authority"),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect("call_count", [Access("wb_helper", "select, insert, update", "true")]):
        op.execute(statement)
    op.execute("grant delete on call_request to wb_helper")
    op.execute(
        "create policy call_request_helper_delete on call_request for delete to wb_helper using (true)"
    )
    for name, text, roles in FUNCTIONS:
        op.execute(text)
        op.execute(f"grant execute on function {name} to {roles}")
        op.execute(f"alter function {name} owner to wb_helper")
    install(revision, "parent_home_2", ("wb_parent",))
    install(revision, "school_home_3", ("wb_school", "wb_dsl"))
