"""A session counts its changes, so that a calendar that has it takes over each new day, hour, room or state.

The database counts, whoever changes it: a calendar keeps what it has unless SEQUENCE is higher (RFC 5545, 3.8.7.4).

Risk: none, two columns with constants; `app.now()` is worked out once for the rows that are there.
Rejected: counting in the services, which move, cancel and restore in several places; the time of the change alone, of
which calendars take no notice.
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"

COUNT = """
create function app.cohort_session_counts_changes() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  new.revision := old.revision + 1;
  new.changed_at := app.now();
  return new;
end
$$"""
#: Sessions without a room of their own are in the group's.
MOVE_ROOM = """
create function app.cohort_changes_room() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.cohort_session s set revision = s.revision + 1, changed_at = app.now()
    where s.school_id = new.school_id and s.cohort_id = new.id and s.room = '' and s.state = 'planned';
  return null;
end
$$"""
WHAT_COUNTS = "(on_date, starts_at, ends_at, room, state)"


def upgrade() -> None:
    op.execute(
        "alter table cohort_session add column revision integer not null default 0,"
        " add column changed_at timestamptz not null default app.now()"
    )
    op.execute(COUNT)
    op.execute(MOVE_ROOM)
    old, new = (WHAT_COUNTS.replace("(", f"({row}.").replace(", ", f", {row}.") for row in ("old", "new"))
    op.execute(
        f"create trigger cohort_session_counts_changes before update on cohort_session for each row"
        f" when ({old} is distinct from {new}) execute function app.cohort_session_counts_changes()"
    )
    op.execute(
        "create trigger cohort_changes_room after update on cohort for each row"
        " when (old.room is distinct from new.room) execute function app.cohort_changes_room()"
    )
