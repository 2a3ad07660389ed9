"""Take the printable notes away together with the notes when a session is opened again.

Reopening made the notes a draft again, but the document of the withdrawn words was still downloaded by the whole group,
later too as "the older one". Parents now read a document of notes only while those notes are sent, and only one that
was asked for since they were. Those who write them still have every version. The session keeps that its notes were
taken back, so that their page can say so in place of "not found".

Risk: a parent who kept the address of an older document finds nothing there. Rejected: deleting the file, which those
who write the notes may still want; refusing in the page alone, where a list would still show the row; asking for the
notes of each row in the policy, which is worked out row by row.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0074"
down_revision = "0073"

#: Documents of notes as they were sent, of this parent's group and of sessions that they came to.
TO_PRINT = """
create function app.notes_to_print() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(d.id), '{}') from public.learning_notes n
    join public.document d on d.school_id = n.school_id and d.kind = 'learning_notes' and d.subject_id = n.session_id
    where n.school_id = (select app.school_id()) and n.state = 'sent' and d.created_at >= n.sent_at
      and d.parent_id is null and (n.cohort_id = any ((select app.joined_cohort_ids())::uuid[])
        or n.session_id = any ((select app.attended_session_ids())::uuid[])))
"""
WITHIN = f"{SCHOOL} and kind in ('learning_notes', 'certificate', 'group_plan')"
NOT_WAITING = " and (kind <> 'group_plan' or (select identity.my_wait()) is null)"
OWN = "parent_id = (select app.person_id())"
OF_GROUP = "parent_id is null and cohort_id = any ((select app.joined_cohort_ids())::uuid[])"
AS_SENT = (
    f"{WITHIN} and ({OWN} or (kind <> 'learning_notes' and {OF_GROUP})"
    f" or (kind = 'learning_notes' and id = any ((select app.notes_to_print())::uuid[]))){NOT_WAITING}"
)
READS = {
    "document": "subject_id",
    "learning_notes": "school_id, cohort_id, session_id, state, sent_at",
}


def upgrade() -> None:
    op.execute("alter table cohort_session add column notes_taken_back_at timestamptz")
    for table, columns in READS.items():
        op.execute(f"grant select ({columns}) on {table} to wb_helper")
    op.execute(
        "create policy learning_notes_helper_select on learning_notes for select to wb_helper using (true)"
    )
    op.execute(TO_PRINT)
    op.execute("grant execute on function app.notes_to_print() to wb_parent")
    op.execute("alter function app.notes_to_print() owner to wb_helper")
    op.execute(f"alter policy document_parent_select on document using ({AS_SENT})")
