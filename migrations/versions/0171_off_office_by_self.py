"""Keep a parent's own wish to be off the list of the school office apart from what staff decide.

One column held both: staff who took their tick away put somebody back on the list who had asked to be off it, and
nobody heard. Now each has a column; the office finds nobody of whom either says so, and staff have no right to change
the parent's. Who is kept off today is so by both: nobody knows whose tick it was.

Risk: staff's update of a contact is by column from now on; code of before updates those that it changed, and none of
it knew the new one. Rejected: a question before the tick is taken away (it stays the parent's).
"""

from __future__ import annotations

from alembic import op

revision = "0171"
down_revision = "0170"

#: What a school's staff may change of how a parent is reached.
STAFF_CHANGE = (
    "first_name", "last_name", "known_as", "email", "phone", "language", "interpreter", "access_needs",
    "emails_stopped_at", "texts_stopped_at", "not_for_office",
)  # fmt: skip
NOT_FOR_OFFICE = """
create or replace function app.not_for_office() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select app.merged_parent_ids() || coalesce(array_agg(c.parent_id), '{}'::uuid[])
      from public.parent_contact c
      where c.school_id = (select app.school_id()) and (c.not_for_office or c.off_office_by_self);
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("alter table parent_contact add column off_office_by_self boolean not null default false")
    op.execute("update parent_contact set off_office_by_self = true where not_for_office")
    op.execute("revoke update on parent_contact from wb_school")
    op.execute(f"grant update ({', '.join(STAFF_CHANGE)}) on parent_contact to wb_school")
    op.execute("grant select (off_office_by_self) on parent_contact to wb_helper")
    op.execute("set local role wb_helper")
    op.execute(NOT_FOR_OFFICE)
    op.execute("reset role")
