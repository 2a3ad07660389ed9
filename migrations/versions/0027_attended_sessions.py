"""Leave parents the notes of meetings that they came to, also when they have left the group.

Risk: low, two policies gain one more condition, worked out once per statement; no row that anybody wrote about others
is among them: a session's date and the notes that the whole group was sent.
Rejected: keeping those who left in `app.joined_session_ids`, which would show them dates and notes of meetings to come;
copying the notes to each parent, which would be as many copies to forget.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import JOINED_COHORT, SCHOOL

revision = "0027"
down_revision = "0026"

FUNCTIONS = (
    # Sessions at which this parent was: marks for somebody who was there are all but these two.
    """
create function app.attended_session_ids() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(array_agg(a.session_id), '{}') from public.attendance a
      where a.school_id = (select app.school_id()) and a.parent_id = (select app.person_id())
        and a.mark not in ('absent', 'apology');
  end""",
    "grant execute on function app.attended_session_ids() to wb_parent",
    "alter function app.attended_session_ids() owner to wb_helper",
)
JOINED = JOINED_COHORT.removeprefix(f"{SCHOOL} and ")


def upgrade() -> None:
    for statement in FUNCTIONS:
        op.execute(statement)
    attended = "any ((select app.attended_session_ids())::uuid[])"
    op.execute(
        "alter policy cohort_session_parent_select on cohort_session"
        f" using ({SCHOOL} and ({JOINED} or id = {attended}))"
    )
    op.execute(
        "alter policy learning_notes_parent_select on learning_notes"
        f" using ({SCHOOL} and ({JOINED} or session_id = {attended}) and state = 'sent')"
    )
