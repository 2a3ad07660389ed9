"""Leave to the officer what the officer answers for: a concern that went to them is theirs to close.

After a take-over the school's safeguarding lead could say that it is read, close it and open it again, and the officer
learned nothing. Now the lead reads and adds to the record alone, here and not only on the page; each time something is
added, the council's named officers get an email that says so and no more.

Risk: a safeguarding lead who can sign in again finds concerns of their own that only the officer closes; they can ask,
and add to each. Concerns that a school closed after a take-over stay closed until the officer opens them.
Rejected: closing by either, with a message to the other, which leaves nobody to answer for the decision; a policy, in
which an update that changes nothing else would be refused as well, such as when it was first opened.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install

revision = "0080"
down_revision = "0079"

KEPT = function(
    "officer_answers",
    "",
    "trigger",
    """
begin
  if current_setting('role') <> 'wb_dsl' then return new; end if;
  if (old.read_at, old.read_by, old.closed_at, old.closed_by)
      is not distinct from (new.read_at, new.read_by, new.closed_at, new.closed_by) then return new; end if;
  if exists (select from public.concern_handover h where h.school_id = old.school_id and h.concern_id = old.id) then
    raise check_violation using constraint = 'concern_officer_answers', table = 'concern',
      message = 'the named officer answers for this concern';
  end if;
  return new;
end""",
    ("wb_owner",),
)

TOLD = function(
    "tell_of_addition",
    "",
    "trigger",
    """
declare v_authority uuid; v_person uuid;
begin
  if current_setting('role') <> 'wb_dsl' then return null; end if;
  select h.authority_id into v_authority from public.concern_handover h
    where h.school_id = new.school_id and h.concern_id = new.concern_id;
  if v_authority is null then return null; end if;
  foreach v_person in array identity.readers_of('named_officer', v_authority, null, new.concern_id) loop
    perform identity.write_message(v_authority, null, 'concern_added_to', 'email', v_person,
      'added:' || new.id || ':' || v_person, 3);
  end loop;
  return null;
end""",
    ("wb_owner",),
)


def upgrade() -> None:
    install((KEPT, TOLD))
    op.execute(
        "create trigger concern_officer_answers before update of read_at, read_by, closed_at, closed_by on concern"
        " for each row execute function identity.officer_answers()"
    )
    op.execute(
        "create trigger concern_action_is_told after insert on concern_action"
        " for each row execute function identity.tell_of_addition()"
    )
