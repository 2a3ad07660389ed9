"""Keep what GOV.UK Notify says by itself of a message, and a text that somebody wrote, until a worker has taken it in.

Whoever says it proves a token and nothing else, so the web server may do one thing with it: put a row where it reads
none. `delivery_said` holds Notify's id of a message and one of four ends; `text_said` holds a reply until it is heard,
which then stands in `heard_text`, as of those that the schedule asks for. A word that comes before our own record of
the sending, twice, or of a message that is not ours is a row that settles nothing and goes within the hour.

Risk: none, new tables. Rejected: a right of the web server to change a message in the outbox; a word that comes while
the worker still writes down the sending would find no row, and be lost.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import EVERY_ROW, Access, protect

revision = "0140"
down_revision = "0139"

TABLES = """
create table delivery_said (
  provider_id uuid primary key,
  said text not null check (said in ('delivered', 'no_such_address', 'not_reached', 'broken')),
  at timestamptz not null);
create table text_said (
  reply_id uuid primary key, number text not null, words text not null,
  at timestamptz not null, said_at timestamptz not null);
"""
FUNCTIONS = {
    "app.keep_delivery(uuid, text)": """
create function app.keep_delivery(p_provider uuid, p_said text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  begin atomic
    insert into public.delivery_said (provider_id, said, at) values (p_provider, p_said, app.now())
      on conflict (provider_id) do nothing;
  end""",
    "app.keep_text(uuid, text, text, timestamptz)": """
create function app.keep_text(p_reply uuid, p_number text, p_words text, p_at timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  begin atomic
    insert into public.text_said (reply_id, number, words, at, said_at)
      select p_reply, p_number, p_words, p_at, app.now()
        where not exists (select from public.heard_text h where h.reply_id = p_reply)
      on conflict (reply_id) do nothing;
  end""",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for statement in filter(None, (part.strip() for part in TABLES.split(";"))):
        op.execute(statement)
    protected = {
        "delivery_said": [
            Access("wb_dispatch", "select, delete", EVERY_ROW),
            Access("wb_helper", "insert", EVERY_ROW),
        ],
        "text_said": [
            Access("wb_documents", "select, delete", EVERY_ROW),
            Access("wb_helper", "insert", EVERY_ROW),
        ],
    }
    for table, access in protected.items():
        for statement in protect(table, access):
            op.execute(statement)
    op.execute("grant select (provider_id) on delivery_said to wb_helper")
    op.execute(
        "create policy delivery_said_helper_select on delivery_said for select to wb_helper using (true)"
    )
    op.execute("grant select (reply_id) on text_said to wb_helper")
    op.execute("create policy text_said_helper_select on text_said for select to wb_helper using (true)")
    op.execute("grant select (reply_id) on heard_text to wb_helper")
    op.execute("create policy heard_text_helper_select on heard_text for select to wb_helper using (true)")
    for signature, create in FUNCTIONS.items():
        op.execute(create)
        op.execute(f"grant execute on function {signature} to wb_public")
        op.execute(f"alter function {signature} owner to wb_helper")
