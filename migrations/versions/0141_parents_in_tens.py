"""Count parents for their council in full tens, over all its schools.

Its home showed how many parents were in a group and how many waited, to the one: whoever took somebody out, or gave
them a place, moved both within seconds, and an officer who knew of one family could watch it happen. The function adds
up what the schools counted and rounds down; schools that left count nobody.

The home has a new function for it (`tests/architecture/test_page_functions.py`). Code of before still reads the column
itself: a later revision takes `school_activity.parents` from the council's role, and drops what nobody calls then.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0141"
down_revision = "0140"

TENS = """
create function app.parents_in_tens() returns table (stage text, tens integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select c.stage, (sum(c.parents::integer) / 10)::integer * 10
      from public.school_activity a
        join public.school s on s.school_id = a.school_id and s.stage <> 'left',
        lateral jsonb_each_text(a.parents) c(stage, parents)
      where s.school_id = any (app.authority_school_ids()) and c.stage in ('in_group', 'waiting')
      group by c.stage;
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant select (school_id, parents) on school_activity to wb_helper")
    op.execute(
        "create policy school_activity_helper_select on school_activity for select to wb_helper using (true)"
    )
    op.execute(TENS)
    op.execute("alter function app.parents_in_tens() owner to wb_helper")
    op.execute("set local role wb_helper")
    op.execute("grant execute on function app.parents_in_tens() to wb_authority")
    op.execute("reset role")
    install("0141", "council_home_2", ("wb_authority",))
