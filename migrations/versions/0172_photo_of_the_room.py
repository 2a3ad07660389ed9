"""Let staff show a photo of the room to those who are to find it.

A photo belongs to the words of a room, so that every group that meets there shares it, and none that moved shows it.
Members and those who lead see the photos of rooms in which their group meets (`app.my_room_photos`), once the virus
scan is over; who has no place sees none. What was taken away is erased by the worker, file first, then both rows.

Risk: policies of `document` are changed, each by one kind more. Rejected: a column of the school (a group may meet in
another room, and what a home reads ahead would change); a photo of each group (the same door four times); deleting in
the request (the file would stay where the storage does not answer).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import EVERY_ROW, SCHOOL, Access, protect

revision = "0172"
down_revision = "0171"

TABLE = """
create table room_photo (
  school_id uuid not null references school (school_id),
  id uuid not null,
  room text not null check (room <> '' and char_length(room) <= 200),
  words text not null check (words <> '' and char_length(words) <= 200),
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  by_name text not null,
  put_up_at timestamptz not null default app.now(),
  taken_away_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, id) references document (school_id, id));
create unique index room_photo_of_room on room_photo (school_id, room) where taken_away_at is null;
create index room_photo_to_erase on room_photo (school_id, id) where taken_away_at is not null;
"""
MINE = """
create function app.my_room_photos() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(p.id), '{}') from public.room_photo p
    where p.school_id = (select app.school_id()) and p.taken_away_at is null and exists (
      select from public.cohort c
        where c.school_id = p.school_id and c.state in ('forming', 'running')
          and c.id = any ((select app.joined_cohort_ids() || app.led_cohort_ids())::uuid[])
          and (c.room in ('', p.room, p.room || ', or online') or exists (
            select from public.cohort_session s where s.school_id = c.school_id and s.cohort_id = c.id
              and s.state = 'planned' and s.room in (p.room, p.room || ', or online')))))
"""
SHOWN = "id = any ((select app.my_room_photos())::uuid[])"
STAFF_MAY_ADD = (
    "kind in ('project_brief', 'agreement', 'signed_agreement', 'session_register', 'contact_sheet', 'group_plan',"
    " 'invitation_letter', 'signed_slip', 'room_photo')"
)
STAFF_MAY_HAVE = STAFF_MAY_ADD.replace("'room_photo'", "'certificate', 'room_photo'")
ONLY_TO_BE_MADE = (
    "kind = 'certificate' and state = 'queued' and object_key is null and parent_id is not null"
    " and cohort_id is not null"
)
PHOTO = f"kind = 'room_photo' and state = 'ready' and {SHOWN}"
LED_PAPERS = "cohort_id = any ((select app.led_cohort_ids())::uuid[])"
MY_PAPERS = """kind in ('learning_notes', 'certificate', 'group_plan')
  and (parent_id = (select app.person_id())
    or (kind <> 'learning_notes' and parent_id is null and cohort_id = any ((select app.joined_cohort_ids())::uuid[]))
    or (kind = 'learning_notes' and id = any ((select app.notes_to_print())::uuid[])))
  and (kind <> 'group_plan' or (select identity.my_wait()) is null)"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    access = [
        Access("wb_school", "select, insert", SCHOOL),
        Access("wb_documents", "select, delete", "taken_away_at is not null"),
        Access("wb_helper", "select", EVERY_ROW),
    ]
    for statement in protect("room_photo", access):
        op.execute(statement)
    op.execute("grant update (words, taken_away_at) on room_photo to wb_school")
    op.execute(
        f"create policy room_photo_school_update on room_photo for update to wb_school using ({SCHOOL})"
        f" with check ({SCHOOL})"
    )
    op.execute("set local role wb_helper")
    op.execute(MINE)
    op.execute("revoke all on function app.my_room_photos() from public")
    op.execute("grant execute on function app.my_room_photos() to wb_parent, wb_facilitator")
    op.execute("reset role")
    for role in ("parent", "facilitator"):
        op.execute(f"grant select on room_photo to wb_{role}")
        op.execute(
            f"create policy room_photo_{role}_select on room_photo for select to wb_{role}"
            f" using ({SCHOOL} and {SHOWN})"
        )
    op.execute(f"alter policy document_school_select on document using ({SCHOOL} and {STAFF_MAY_HAVE})")
    op.execute(
        f"alter policy document_school_insert on document with check ({SCHOOL} and (({STAFF_MAY_ADD})"
        f" or ({ONLY_TO_BE_MADE})))"
    )
    op.execute(
        f"alter policy document_facilitator_select on document using ({SCHOOL} and (({LED_PAPERS}"
        f" and kind in ('learning_notes', 'session_register')) or ({PHOTO})))"
    )
    op.execute(
        f"alter policy document_parent_select on document using ({SCHOOL} and (({MY_PAPERS}) or ({PHOTO})))"
    )
    op.execute("grant delete on document to wb_documents")
    op.execute(
        "create policy document_documents_delete on document for delete to wb_documents using (kind = 'room_photo')"
    )
