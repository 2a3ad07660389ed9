"""Hold back what was to be told of a closed session as it is opened again.

It stood as waiting to be sent until its hour came, beside the new one once the session was closed again: "Notes are
ready" twice on one parent's page. Nothing of it was ever sent, because whoever sends asks when it was closed; now the
row says so at once, also for whom no address was there: nobody has to tell them either.

Risk: none; such a message could not go any more. Rejected: a topic, by which the newer takes the place of the older:
three kinds go to one reader about one session, and would drop each other.
"""

from __future__ import annotations

from alembic import op

revision = "0075"
down_revision = "0074"

#: The kinds about a session that is closed; a test holds them against the catalogue.
OPENED_AGAIN = """
create function app.session_opened_again() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.outbox o set state = 'held_back', problem = 'plan_changed'
    where o.school_id = new.school_id and o.subject_id = new.id
      and (o.state = 'queued' or o.state = 'held_back' and o.problem = 'no_address')
      and o.kind in ('notes_ready', 'halfway', 'choose_topics');
  return null;
end
$$"""


def upgrade() -> None:
    op.execute("grant select (subject_id, kind, problem) on outbox to wb_helper")
    op.execute("drop policy outbox_helper_update on outbox")
    op.execute(
        "create policy outbox_helper_update on outbox for update to wb_helper"
        " using (state = 'queued' or (state = 'held_back' and problem = 'no_address'))"
        " with check (state = 'held_back' and problem in ('superseded', 'no_address', 'plan_changed'))"
    )
    op.execute(OPENED_AGAIN)
    op.execute(
        "create trigger cohort_session_opened_again after update of state on cohort_session for each row"
        " when (old.state = 'closed' and new.state <> 'closed') execute function app.session_opened_again()"
    )
    op.execute("alter function app.session_opened_again() owner to wb_helper")
