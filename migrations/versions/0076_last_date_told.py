"""Leave it to the moment of sending which day a reader last heard of.

A message that took the place of another took over what its reader knew, by channel: whoever had an email of the first
move read in the text of the second a day that was over, and nobody else's history counted. Now each message keeps what
was so when it was written, and whoever sends looks at what went to this very person (`app/messages/steps.py`). And a
session keeps the hour beside the day that it moved from: moved and moved back, there is nothing to tell.

Risk: messages that wait during the change keep what they had taken over. Rejected: more of it in the trigger, which
does not know yet what will have gone.
"""

from __future__ import annotations

from alembic import op

revision = "0076"
down_revision = "0075"

OUTBOXES = {"outbox": "school_id", "authority_outbox": "authority_id"}

TAKES_PLACE = """
create or replace function app.OUTBOX_takes_place() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.OUTBOX o set state = 'held_back', problem = 'superseded'
    where o.OWNER = new.OWNER and o.recipient_kind = new.recipient_kind
      and o.recipient_id = new.recipient_id and o.channel = new.channel and o.topic = new.topic
      and o.state = 'queued' and o.id < new.id;
  return new;
end
$$"""


def upgrade() -> None:
    op.execute("alter table cohort_session add column moved_from_starts_at time")
    op.execute("set local role wb_helper")
    for table, owner in OUTBOXES.items():
        op.execute(TAKES_PLACE.replace("OUTBOX", table).replace("OWNER", owner))
    op.execute("reset role")
