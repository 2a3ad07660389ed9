"""A message names what it is about and its step; a newer one about the same thing takes the place of those that wait.

The database drops them as the newer one is written, whoever writes it: not every audience may read the outbox. What a
worker holds at that moment it looks at once more before it sends (`app/messages/allowed.py`).

`topic` is empty for messages that say nothing that passes. `step_before` is what the reader knew before: when a
message that never went is dropped, the newer one takes it over, so nobody reads of a day that they never heard of.

Risk: the partial index is built while the outbox is locked against writing; all rows are outside it, so that is one
look through the table. Rows that are there keep an empty topic and are judged as before.
Rejected: a function that callers ask to drop messages; it would let every audience drop any. A unique index on what
waits; two at once would make one of them fail. Dropping at the claim alone; staff would read that it still waits.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"

OUTBOXES = {"outbox": "school_id", "authority_outbox": "authority_id"}


TAKES_PLACE = """
create function app.OUTBOX_takes_place() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare v_known text;
begin
  with dropped as (
    update public.OUTBOX o set state = 'held_back', problem = 'superseded'
      where o.OWNER = new.OWNER and o.recipient_kind = new.recipient_kind
        and o.recipient_id = new.recipient_id and o.channel = new.channel and o.topic = new.topic
        and o.state = 'queued'
      returning o.id, o.step_before)
  select d.step_before into v_known from dropped d order by d.id limit 1;
  if v_known <> '' then
    new.step_before := v_known;
  end if;
  return new;
end
$$"""


def upgrade() -> None:
    for table, owner in OUTBOXES.items():
        op.execute(
            f"alter table {table} add column topic text not null default '',"
            " add column step text not null default '', add column step_before text not null default ''"
        )
        op.execute(
            f"create index {table}_by_topic on {table} ({owner}, recipient_id, topic, channel) where topic <> ''"
        )
        columns = f"{owner}, id, recipient_kind, recipient_id, channel, topic, state, step_before"
        op.execute(f"grant select ({columns}), update (state, problem) on {table} to wb_helper")
        op.execute(f"create policy {table}_helper_select on {table} for select to wb_helper using (true)")
        op.execute(
            f"create policy {table}_helper_update on {table} for update to wb_helper using (state = 'queued')"
            " with check (state = 'held_back' and problem = 'superseded')"
        )
        op.execute(TAKES_PLACE.replace("OUTBOX", table).replace("OWNER", owner))
        op.execute(
            f"create trigger {table}_takes_place before insert on {table} for each row"
            f" when (new.topic <> '') execute function app.{table}_takes_place()"
        )
        op.execute(f"alter function app.{table}_takes_place() owner to wb_helper")
