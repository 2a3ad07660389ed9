"""Take what a council's own service at GOV.UK Notify says by itself: for that council alone.

A council has a token of its own for callbacks, of which a hash is kept. Whoever bears it may put down what became of a
message, or a text that somebody wrote, as before with the service's token; the row then names the council, and the
worker settles that council's messages by it, and no other's. The token of before is taken until the new one was heard.

Risk: none, a new table, an empty column each; the functions of before stay. Rejected: one token for all councils (who
holds it could settle every council's messages), finding the council by the message (a forged one would name it).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, Access, protect

revision = "0176"
down_revision = "0175"

TABLE = """
create table notify_callback (
  authority_id uuid primary key references authority (authority_id),
  token_id uuid not null,
  token_hash bytea not null,
  before_hash bytea,
  by_name text not null,
  made_at timestamptz not null,
  heard_at timestamptz,
  constraint notify_callback_hash check (octet_length(token_hash) = 32));
"""
FUNCTIONS = {
    "app.bears_council_token(bytea)": """
create function app.bears_council_token(p_token bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select exists (select from public.notify_callback c where c.token_hash = p_token or c.before_hash = p_token);
  end""",
    "app.keep_council_delivery(bytea, uuid, text)": """
create function app.keep_council_delivery(p_token bytea, p_provider uuid, p_said text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  begin atomic
    update public.notify_callback c set heard_at = app.now(), before_hash = null
      where c.token_hash = p_token and c.heard_at is null;
    insert into public.delivery_said (provider_id, said, at, said_by)
      select p_provider, p_said, app.now(), c.authority_id from public.notify_callback c
        where c.token_hash = p_token or c.before_hash = p_token
      on conflict (provider_id) do nothing;
  end""",
    "app.keep_council_text(bytea, uuid, text, text, timestamptz)": """
create function app.keep_council_text(p_token bytea, p_reply uuid, p_number text, p_words text, p_at timestamptz)
  returns void language sql security definer set search_path = pg_catalog, pg_temp
  begin atomic
    update public.notify_callback c set heard_at = app.now(), before_hash = null
      where c.token_hash = p_token and c.heard_at is null;
    insert into public.text_said (reply_id, number, words, at, said_at, said_by)
      select p_reply, p_number, p_words, p_at, app.now(), c.authority_id from public.notify_callback c
        where (c.token_hash = p_token or c.before_hash = p_token)
          and not exists (select from public.heard_text h where h.reply_id = p_reply)
      on conflict (reply_id) do nothing;
  end""",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    op.execute("alter table delivery_said add column said_by uuid")
    op.execute("alter table text_said add column said_by uuid")
    access = [
        Access("wb_authority", "select, insert, update", AUTHORITY),
        Access("wb_dispatch", "select", EVERY_ROW),
        Access("wb_documents", "select", EVERY_ROW),
        Access("wb_helper", "select", EVERY_ROW),
    ]
    for statement in protect("notify_callback", access):
        op.execute(statement)
    op.execute("grant update (heard_at, before_hash) on notify_callback to wb_helper")
    op.execute(
        "create policy notify_callback_helper_update on notify_callback for update to wb_helper"
        " using (true) with check (true)"
    )
    for signature, create in FUNCTIONS.items():
        op.execute(create)
        op.execute(f"grant execute on function {signature} to wb_public")
        op.execute(f"alter function {signature} owner to wb_helper")
