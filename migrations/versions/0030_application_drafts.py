"""Keep an application that is not sent yet for its writer, until it is sent, thrown away, or two months old.

Nobody but the parent reads it; the daily chore sees only how old it is.

Risk: none, the table is new; answers that stand in a session of before are lost with that session, as they were.
Rejected: a column of facilitator_application, which those who choose may read.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0030"
down_revision = "0029"

TABLE = """
create table application_draft (
  school_id uuid not null, parent_id uuid not null,
  answers jsonb not null check (length(answers::text) <= 100000),
  is_complete boolean not null, saved_at timestamptz not null default app.now(),
  primary key (school_id, parent_id),
  foreign key (school_id, parent_id) references parent (school_id, id))
"""


def upgrade() -> None:
    op.execute(TABLE)
    for statement in protect(
        "application_draft",
        (
            Access("wb_parent", "select, insert, update, delete", OWN_PARENT),
            Access("wb_documents", "delete", SCHOOL),
        ),
    ):
        op.execute(statement)
    # What a condition looks at has to be readable: whose school, and when.
    op.execute("grant select (school_id, saved_at) on application_draft to wb_documents")
    op.execute(
        "create policy application_draft_documents_select on application_draft for select to wb_documents"
        f" using ({SCHOOL})"
    )
