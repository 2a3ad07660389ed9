"""Let the older of two messages about one thing give way, and never the newer.

Two presses at once write two messages; each drops what waits, and the claim drops what has a newer one beside it. Where
the one with the older id was committed last, its trigger dropped the newer, the claim dropped the older, and nothing
went. Ids tell the order; now both go by them.

Risk: none for rows that are there. Rejected: a lock for each reader, which every message to them would wait for.
"""

from __future__ import annotations

from alembic import op

revision = "0063"
down_revision = "0062"

OUTBOXES = {"outbox": "school_id", "authority_outbox": "authority_id"}

TAKES_PLACE = """
create or replace function app.OUTBOX_takes_place() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare v_known text;
begin
  with dropped as (
    update public.OUTBOX o set state = 'held_back', problem = 'superseded'
      where o.OWNER = new.OWNER and o.recipient_kind = new.recipient_kind
        and o.recipient_id = new.recipient_id and o.channel = new.channel and o.topic = new.topic
        and o.state = 'queued' and o.id < new.id
      returning o.id, o.step_before)
  select d.step_before into v_known from dropped d order by d.id limit 1;
  if v_known <> '' then
    new.step_before := v_known;
  end if;
  return new;
end
$$"""


def upgrade() -> None:
    op.execute("set local role wb_helper")
    for table, owner in OUTBOXES.items():
        op.execute(TAKES_PLACE.replace("OUTBOX", table).replace("OWNER", owner))
    op.execute("reset role")
