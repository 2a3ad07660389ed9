"""Keep what people answer to texts for the one school that texted them, and what a number asked of everybody: to stop.

`number_hash` is a keyed digest of a number, so that "who texted this number lately" is one look over every school and
says of nobody which number they have. `text_reply` belongs to one school. `heard_text` and `stopped_number` belong to
no school, hold no words and no number, and are for the workers alone.

Risk: none, new tables; a column without a default on the outboxes, with a partial index that no row is in yet.
Rejected: the number itself in the outbox, a list of numbers that outlives the people; a stop that each school writes
down for itself alone, which a school that adds the number later would not know of.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import EVERY_ROW, SCHOOL, Access, protect

revision = "0038"
down_revision = "0037"

TABLES = """
alter table outbox add column number_hash bytea;
alter table authority_outbox add column number_hash bytea;
create index outbox_by_number on outbox (number_hash, sent_at) where number_hash is not null;
create table text_reply (
  school_id uuid not null references school, id uuid not null,
  number text not null, words text not null,
  recipient_kind text not null check (recipient_kind in ('parent', 'facilitator', 'token')),
  recipient_id uuid not null, at timestamptz not null,
  done_at timestamptz, done_by text not null default '',
  primary key (school_id, id));
create index text_reply_waiting on text_reply (school_id, at) where done_at is null;
create table heard_text (
  reply_id uuid primary key, number_hash bytea not null, at timestamptz not null,
  heard text not null check (heard in ('stop', 'kept', 'nobodys')),
  answer text not null check (answer in ('none', 'due', 'sent')),
  attempt integer not null default 0, lease_until timestamptz);
create index heard_text_by_number on heard_text (number_hash, at);
create table stopped_number (number_hash bytea primary key, stopped_at timestamptz not null);
"""
#: Which schools texted a number since a moment, and whom; nobody's words, no number.
WHO_TEXTED = """
create function app.who_texted(p_number_hash bytea, p_since timestamptz)
  returns table (school_id uuid, authority_id uuid, recipient_kind text, recipient_id uuid, sent_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select o.school_id, s.authority_id, o.recipient_kind, o.recipient_id, o.sent_at from public.outbox o
      join public.school s on s.school_id = o.school_id
      where o.number_hash = p_number_hash and o.sent_at >= p_since;
  end"""


def upgrade() -> None:
    for statement in filter(None, (part.strip() for part in TABLES.split(";"))):
        op.execute(statement)
    protected = {
        "text_reply": [
            Access("wb_school", "select, update", SCHOOL),
            Access("wb_documents", "insert", SCHOOL),
        ],
        "heard_text": [Access("wb_documents", "select, insert, update, delete", EVERY_ROW)],
        "stopped_number": [
            Access("wb_documents", "select, insert, update", EVERY_ROW),
            Access("wb_dispatch", "select", EVERY_ROW),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
    op.execute("grant select (number_hash, sent_at) on outbox to wb_helper")
    op.execute(WHO_TEXTED)
    op.execute("grant execute on function app.who_texted(bytea, timestamptz) to wb_documents")
    op.execute("alter function app.who_texted(bytea, timestamptz) owner to wb_helper")
