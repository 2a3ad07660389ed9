"""Let those who lead reach parents as long as the group is under way, and no longer.

Whoever led a group that was over went on reading the numbers, emails and needs of everybody in it, new ones too: a
volunteer learned years later which number a parent had moved to. `app.led_parent_ids` names people of groups that are
forming or meeting alone. There is no time of grace after that: a group is over when the school says so, which it does
when every session is closed, so goodbyes have been said and the register is taken. What those who lead may still have
to finish is a session of a group that ended early; for that, and for reading what was, the register goes on naming
people, by `app.names_of_left`, which names whoever left since.

Those who lead could also change a group's row, where they only hold it: its state opens how to reach people now, so
they may change nothing of it but the column that nothing reads.

Risk: who leads is without numbers the moment the school ends the group; the school has them and may pass a word on.
Rejected: some days after the end (a number that is new then is nobody's in that group); days after the last date (a
group whose last dates are called off for a while would lose touch with its people).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import LED_COHORT

revision = "0102"
down_revision = "0101"

LED_PARENTS = """
create or replace function app.led_parent_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(e.parent_id), '{}') from public.enrolment e
    join public.cohort_facilitator l on l.school_id = e.school_id and l.cohort_id = e.cohort_id
    join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id
    where l.school_id = (select app.school_id()) and l.facilitator_id = (select app.person_id())
      and l.assigned_at > (select app.my_fresh_start()) and e.status in ('in_group', 'finished')
      and c.state in ('forming', 'running'))
"""
NAMES = """
create or replace function app.names_of_left(p_session_id uuid)
  returns table (parent_id uuid, name text, known_as text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select e.parent_id, trim(c.first_name || ' ' || c.last_name), coalesce(nullif(c.known_as, ''), c.first_name)
      from public.cohort_session s
      join public.enrolment e on e.school_id = s.school_id and e.cohort_id = s.cohort_id
        and e.status in ('left', 'finished')
      join public.parent_contact c on c.school_id = e.school_id and c.parent_id = e.parent_id
      where s.school_id = (select app.school_id()) and s.id = p_session_id
        and s.cohort_id = any ((select app.led_cohort_ids())::uuid[])
        and (e.status = 'finished' or e.left_at > (s.on_date + s.starts_at) at time zone 'Europe/London');
  end
"""


PAPERS = f"{LED_COHORT} and kind = any (array['learning_notes', 'session_register'])"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local role wb_helper")
    op.execute(LED_PARENTS)
    op.execute(NAMES)
    op.execute("reset role")
    op.execute(f"alter policy document_facilitator_select on document using ({PAPERS})")
    op.execute(f"alter policy document_facilitator_insert on document with check ({PAPERS})")
    op.execute("revoke update on cohort from wb_facilitator")
    op.execute("grant update (is_first_group) on cohort to wb_facilitator")
