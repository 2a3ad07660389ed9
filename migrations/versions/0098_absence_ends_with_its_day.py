"""End what parents said of a day that they cannot come to, once the session is on another day or at another hour.

"I can't come this time" was kept by session: when it moved, the page said of the new day, about which nobody had been
asked, that they had told us, and those who lead expected one fewer. The database ends it, whoever moves the session:
staff, who move it, may not read who said so.

Risk: whoever cannot come on the new day either has to say it once more; the message about it says how.
Rejected: a notice that names its day and is compared wherever it is read, of which one page would be forgotten; a
function that staff call, which would tell them by its answer that somebody had said so.
"""

from __future__ import annotations

from alembic import op

revision = "0098"
down_revision = "0097"

END = """
create function app.absence_ends_with_its_day() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $function$
begin
  delete from public.absence_notice n where n.school_id = new.school_id and n.session_id = new.id;
  return null;
end
$function$"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant delete on absence_notice to wb_helper")
    op.execute(
        "create policy absence_notice_helper_delete on absence_notice for delete to wb_helper using (true)"
    )
    op.execute(END)
    op.execute(
        "create trigger cohort_session_on_another_day after update of on_date, starts_at on cohort_session"
        " for each row when ((old.on_date, old.starts_at) is distinct from (new.on_date, new.starts_at))"
        " execute function app.absence_ends_with_its_day()"
    )
    op.execute("alter function app.absence_ends_with_its_day() owner to wb_helper")
