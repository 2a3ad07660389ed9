"""Tell parents the first names of those who lead their group, and nothing else of them.

Risk: none, nothing that is there changes; the helper's role, which cannot log in, reads a few columns more.
Rejected: a policy that shows parents the rows of `facilitator`; those hold how to reach people and where they stand.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"

FUNCTIONS = (
    # Runs with the rights of whoever asks: the dispatcher, for the words of a message, and the function below.
    r"""
create function app.leader_names(p_cohort_id uuid) returns text[] language sql stable
  set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(array_agg(one.name order by one.name), '{}') from (
      select coalesce(nullif(c.known_as, ''), nullif(c.first_name, ''),
          -- "Mrs Ada Smith" is Ada; of "Mrs Smith" no first name is known, so none is told.
          case when f.name ~* '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+\S+$' then ''
            else split_part(regexp_replace(btrim(f.name), '^(mr|mrs|ms|miss|mx|dr|prof)\.?\s+', '', 'i'), ' ', 1)
          end) as name
        from public.cohort_facilitator l
        join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id and f.stage <> 'withdrawn'
        left join public.parent_contact c on c.school_id = f.school_id and c.parent_id = f.parent_id
        where l.school_id = (select app.school_id()) and l.cohort_id = p_cohort_id) one
      where one.name <> '';
  end""",
    "grant execute on function app.leader_names(uuid) to wb_dispatch, wb_helper",
    # Only the group in which the parent has a place now: not one that they left, not one that is over.
    """
create function app.my_leaders() returns table (cohort_id uuid, names text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select e.cohort_id, app.leader_names(e.cohort_id) from public.enrolment e
      where e.school_id = (select app.school_id()) and e.parent_id = (select app.person_id())
        and e.status = 'in_group';
  end""",
    "grant execute on function app.my_leaders() to wb_parent",
    "alter function app.my_leaders() owner to wb_helper",
)

COLUMNS = {
    "facilitator": "school_id, id, parent_id, name, stage",
    "parent_contact": "school_id, parent_id, first_name, known_as",
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"grant select ({columns}) on {table} to wb_helper")
        op.execute(f"create policy {table}_helper_select on {table} for select to wb_helper using (true)")
    for statement in FUNCTIONS:
        op.execute(statement)
