"""Let a school's staff ask for the certificates of those who finished a group, and print them.

A certificate holds a parent's name and the group's, which staff know. They may only ask for one: where it is stored,
and that it is ready, is the worker's to write.

Risk: none, two policies of `document` let staff see and add rows of one more kind.
Rejected: the kind among those that staff may add in any state; then one of their own files could pass for ours.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0019"
down_revision = "0018"

KINDS = (
    "kind in ('project_brief', 'agreement', 'signed_agreement', 'session_register', 'contact_sheet', 'group_plan',"
    " 'invitation_letter'"
)
ASKED = (
    "kind = 'certificate' and state = 'queued' and object_key is null and parent_id is not null"
    " and cohort_id is not null"
)


def upgrade() -> None:
    op.execute(
        f"alter policy document_school_select on document using ({SCHOOL} and {KINDS}, 'certificate'))"
    )
    op.execute(
        f"alter policy document_school_insert on document with check ({SCHOOL} and ({KINDS}) or ({ASKED})))"
    )
