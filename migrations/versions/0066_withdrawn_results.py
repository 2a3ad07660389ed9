"""Keep why results were withdrawn, when and by whom, and let a kept public address say that they were.

The authority writes the reason where the release is; the roll-up copies it to where commissioners read. Visitors learn
from a narrow function of its own which releases that were once shown to everybody are withdrawn since what day: nothing
else of them, and nothing of a release that only commissioners ever had.

Risk: none, columns that are empty; what was withdrawn before has no reason, and the page says so. When it was, by whom,
and whether it had been shown comes from the trail. Rejected: one more line in `results_for_everybody`, which would hand
figures and withdrawals out by the same door.
"""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"

WITHDRAWN = """
create function app.results_withdrawn_for_everybody() returns table (id uuid, withdrawn_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select r.id, r.withdrawn_at from public.release r
      where r.state = 'withdrawn' and r.was_public and r.withdrawn_at is not null;
  end"""

COLUMNS = (
    "alter table release add column withdrawn_at timestamptz, add column withdrawn_by text not null default '',"
    " add column withdrawn_reason text not null default '', add column was_public boolean not null default false",
    "alter table published.release add column withdrawn_reason text not null default '',"
    " add column first_public_at timestamptz",
)
FROM_THE_TRAIL = (
    "update published.release set first_public_at = public_at where public_at is not null",
    "update release r set withdrawn_at = p.withdrawn_at from published.release p"
    " where p.authority_id = r.authority_id and p.id = r.id and r.state = 'withdrawn'",
    "update release r set withdrawn_at = coalesce(r.withdrawn_at, a.at), withdrawn_by = coalesce(m.name, '')"
    " from authority_audit_event a"
    " left join authority_member m on m.authority_id = a.authority_id and m.id = a.actor_id"
    " where r.state = 'withdrawn' and a.authority_id = r.authority_id and a.subject_id = r.id"
    " and a.event = 'outcomes:release:withdrawn'",
    "update release r set was_public = true where r.state = 'withdrawn' and exists (select from authority_audit_event a"
    " where a.authority_id = r.authority_id and a.subject_id = r.id"
    " and a.event = 'outcomes:release:shown_to_everybody')",
    "update published.release p set first_public_at = coalesce(p.first_public_at, a.at) from authority_audit_event a"
    " where a.authority_id = p.authority_id and a.subject_id = p.id"
    " and a.event = 'outcomes:release:shown_to_everybody'",
)


def upgrade() -> None:
    for statement in (*COLUMNS, *FROM_THE_TRAIL):
        op.execute(statement)
    op.execute("grant update (first_public_at) on published.release to wb_authority")
    op.execute("grant select (authority_id, id, state, withdrawn_at, was_public) on release to wb_helper")
    op.execute(
        "create policy release_helper_select on release for select to wb_helper"
        " using (state = 'withdrawn' and was_public)"
    )
    op.execute(WITHDRAWN)
    op.execute(
        "grant execute on function app.results_withdrawn_for_everybody() to wb_public, wb_authority, wb_officer,"
        " wb_school, wb_facilitator, wb_parent, wb_commissioner"
    )
    op.execute("alter function app.results_withdrawn_for_everybody() owner to wb_helper")
