"""Hold a message back as it is written where its reader has no address on that channel.

It stood as waiting to be sent, through a whole night for a text, though nothing could ever go: a parent who is reached
on paper had an email and a text waiting. The database looks, because who writes a message may not read where it goes.
Whoever sends looks once more.

Risk: an address that is added while a text would have waited for the morning no longer gets it; the list of what we did
not send says so, and what to do. Rejected: no row at all (the office would not learn whom to tell); looking in the
pages alone (workers write most messages).
"""

from __future__ import annotations

from alembic import op

revision = "0065"
down_revision = "0064"

COLUMNS = {"parent_contact": "email, phone", "facilitator": "email, phone"}

FINDS_NO_ADDRESS = """
create function app.outbox_finds_no_address() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare v_address text;
begin
  if new.recipient_kind = 'parent' then
    select case new.channel when 'email' then c.email else c.phone end into v_address
      from public.parent_contact c where c.school_id = new.school_id and c.parent_id = new.recipient_id;
  else
    select case new.channel when 'email' then f.email else f.phone end into v_address
      from public.facilitator f where f.school_id = new.school_id and f.id = new.recipient_id;
  end if;
  -- Who is not there at all is judged by whoever sends.
  if v_address = '' then
    update public.outbox o set state = 'held_back', problem = 'no_address'
      where o.school_id = new.school_id and o.id = new.id and o.state = 'queued';
  end if;
  return null;
end
$$"""

# After the row is written: what an audience may write is a message that waits.
TRIGGER = """
create trigger outbox_finds_no_address after insert on outbox for each row
  when (new.state = 'queued' and new.recipient_kind in ('parent', 'facilitator'))
  execute function app.outbox_finds_no_address()"""


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"grant select ({columns}) on {table} to wb_helper")
    op.execute("drop policy outbox_helper_update on outbox")
    op.execute(
        "create policy outbox_helper_update on outbox for update to wb_helper using (state = 'queued')"
        " with check (state = 'held_back' and problem in ('superseded', 'no_address'))"
    )
    op.execute(FINDS_NO_ADDRESS)
    op.execute(TRIGGER)
    op.execute("alter function app.outbox_finds_no_address() owner to wb_helper")
