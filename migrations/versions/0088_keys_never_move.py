"""Whom a row is about and where it belongs stays as it was written, whoever may change the rest of it.

A policy asks what a row is after the change. Whoever may write any column of a place in a group could make it another
person's, or another group's, and read on from there. What nobody has a use for writing is no longer granted: a leader
changes no place, a parent only gives theirs back; messages that are queued are changed by the worker alone (sending
again writes another row); of a concern its readers write when they opened, read and closed it, never its words. In
every other table whose keys point at people or groups a trigger keeps those keys, for every audience.

Risk: short locks to add triggers, each waits two seconds at most and the release is tried again.
Rejected: grants on every column but those, in every table; the next column would be forgotten and the page fail.
"""

from __future__ import annotations

from alembic import op

revision = "0088"
down_revision = "0087"

#: Table -> what never moves once it is written.
KEYS = {
    "enrolment": "school_id, id, cohort_id, parent_id",
    "cohort": "school_id, id",
    "cohort_session": "school_id, id, cohort_id",
    "attendance": "school_id, cohort_id, session_id, parent_id",
    "learning_notes": "school_id, cohort_id, session_id",
    "parent": "school_id, id",
    "parent_contact": "school_id, parent_id",
    "recruitment_profile": "school_id, parent_id",
    "consent": "school_id, parent_id",
    "answer_set": "school_id, id, parent_id",
    "facilitator": "school_id, id, parent_id",
    "facilitator_application": "school_id, facilitator_id, parent_id",
    "application_draft": "school_id, parent_id",
    "rollup_due": "school_id, cohort_id",
    "facilitator_check": "school_id, facilitator_id",
    "facilitator_reference": "school_id, id, facilitator_id",
    "contact_doubt": "school_id, person_id",
    "staff_member": "school_id, id",
    "authority_member": "authority_id, id",
    "school": "school_id, authority_id",
}
PLACE = "status, left_at, left_reason"
OPENING = "opened_at, read_at, read_by, closed_at, closed_by"


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute(
        """
create function app.keys_never_move() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
as $function$
begin
  if current_user not in ('wb_authority', 'wb_officer', 'wb_school', 'wb_dsl', 'wb_facilitator', 'wb_parent',
    'wb_commissioner') then return new; end if;
  for i in 0 .. tg_nargs - 1 loop
    if to_jsonb(old) -> tg_argv[i] is distinct from to_jsonb(new) -> tg_argv[i] then
      raise insufficient_privilege using message = tg_table_name || '.' || tg_argv[i] || ' never moves';
    end if;
  end loop;
  return new;
end
$function$"""
    )
    op.execute("revoke execute on function app.keys_never_move() from public")
    for table, columns in KEYS.items():
        named = ", ".join(f"'{one}'" for one in columns.split(", "))
        op.execute(
            f"create trigger {table}_keys before update of {columns} on {table} for each row"
            f" execute function app.keys_never_move({named})"
        )
    op.execute("drop policy enrolment_facilitator_update on enrolment")
    op.execute("revoke update on enrolment from wb_facilitator, wb_parent")
    op.execute(f"grant update ({PLACE}) on enrolment to wb_parent")
    op.execute(
        "alter policy enrolment_parent_update on enrolment with check (school_id = (select app.school_id())"
        " and parent_id = (select app.person_id()) and status = 'left')"
    )
    for table, reader in (
        ("concern", "wb_dsl"),
        ("concern", "wb_officer"),
        ("authority_concern", "wb_officer"),
    ):
        op.execute(f"revoke update on {table} from {reader}")
        op.execute(f"grant update ({OPENING}) on {table} to {reader}")
    for table, writer in (("outbox", "school"), ("authority_outbox", "authority")):
        op.execute(f"drop policy {table}_{writer}_update on {table}")
        op.execute(f"revoke update on {table} from wb_{writer}")
