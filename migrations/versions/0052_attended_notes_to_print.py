"""Leave parents the printable notes of meetings that they came to, also when they have left the group.

The page of such notes stayed theirs; the same notes as a PDF were not there any more.

Risk: low, one policy gains one more condition, worked out once per statement: of notes that this very parent may read.
Rejected: a page without its PDF for those who left, which is a difference that nobody could explain.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0052"
down_revision = "0051"

POLICY = (
    f"{SCHOOL} and kind in ('learning_notes', 'certificate', 'group_plan') and (parent_id = (select app.person_id())"
    " or (parent_id is null and cohort_id = any ((select app.joined_cohort_ids())::uuid[])){attended})"
    " and (kind <> 'group_plan' or (select identity.my_wait()) is null)"
)
ATTENDED = (
    " or (parent_id is null and kind = 'learning_notes'"
    " and subject_id = any ((select app.attended_session_ids())::uuid[]))"
)


def upgrade() -> None:
    op.execute(f"alter policy document_parent_select on document using ({POLICY.format(attended=ATTENDED)})")


def downgrade() -> None:
    op.execute(f"alter policy document_parent_select on document using ({POLICY.format(attended='')})")
