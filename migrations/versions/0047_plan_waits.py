"""A printed plan names place and time, so it waits the day of a fresh start as the pages do.

Risk: none; one policy gains a condition that holds for everybody who has no fresh start.
Rejected: hiding the link alone, which leaves the file.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0047"
down_revision = "0046"

OWN = (
    f"{SCHOOL} and kind in ('learning_notes', 'certificate', 'group_plan') and (parent_id = (select app.person_id())"
    " or (parent_id is null and cohort_id = any ((select app.joined_cohort_ids())::uuid[])))"
)
NOT_WAITING = " and (kind <> 'group_plan' or (select identity.my_wait()) is null)"


def upgrade() -> None:
    op.execute(f"alter policy document_parent_select on document using ({OWN}{NOT_WAITING})")


def downgrade() -> None:
    op.execute(f"alter policy document_parent_select on document using ({OWN})")
