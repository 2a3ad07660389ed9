"""Keep what a council announces to its schools: by its lead, for schools of some stages and people of some roles.

Its words never change once it went; taking it back is a moment and a name. A school reads what its council wrote, and
the dispatcher what an email carries. The home of a school reads it with the rest, by a function of another name.

Risk: none, a new table. Rejected: a row for each school, which a school that begins tomorrow would not have.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install
from tenants.ddl import AUTHORITY, Access, protect

revision = "0150"
down_revision = "0149"

TABLE = """
create table announcement (
  authority_id uuid not null references authority (authority_id),
  id uuid not null,
  heading text not null,
  words text not null,
  stages text[] not null,
  roles text[] not null,
  by_name text not null,
  written_at timestamptz not null,
  show_until date not null,
  stopped_at timestamptz,
  stopped_by_name text not null default '',
  primary key (authority_id, id),
  constraint announcement_heading check (heading <> '' and char_length(heading) <= 80),
  constraint announcement_words check (words <> '' and char_length(words) <= 600));
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    access = [
        Access("wb_authority", "select, insert", AUTHORITY),
        Access("wb_school", "select", AUTHORITY),
        Access("wb_dispatch", "select", AUTHORITY),
    ]
    for statement in protect("announcement", access):
        op.execute(statement)
    op.execute("grant update (stopped_at, stopped_by_name) on announcement to wb_authority")
    op.execute(
        f"create policy announcement_authority_update on announcement for update to wb_authority"
        f" using ({AUTHORITY} and stopped_at is null) with check ({AUTHORITY} and stopped_at is not null)"
    )
    install(revision, "school_home_5", ("wb_school", "wb_dsl"))
