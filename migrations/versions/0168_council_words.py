"""Keep what a council says in its own words in messages, by version.

Each marked piece of a message (`Kind.marked`) has versions; the newest is said, and one without words is ours again.
Nothing is changed or taken out, so what a message of any day said can be read. Its schools and those who lead read it
where they look at a message before it goes; the dispatcher reads it as it sends.

Risk: none, a new table. Rejected: words beside each message in the outbox (they hold nothing that anybody wrote), one
row that is changed (nobody could say what a message of last month said).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, Access, protect

revision = "0168"
down_revision = "0167"

TABLE = """
create table council_words (
  authority_id uuid not null references authority (authority_id),
  kind text not null,
  part text not null,
  version integer not null,
  words text not null,
  by_name text not null,
  written_at timestamptz not null,
  primary key (authority_id, kind, part, version),
  constraint council_words_version check (version > 0),
  constraint council_words_words check (char_length(words) <= 300));
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    access = [
        Access("wb_authority", "select, insert", AUTHORITY),
        *(Access(role, "select", AUTHORITY) for role in ("wb_school", "wb_facilitator", "wb_dispatch")),
    ]
    for statement in protect("council_words", access):
        op.execute(statement)
