"""Let those who lead a group decide whether somebody who was away twice gets a warm message.

It went by itself, from the school, and read like a nag. Now those who lead are asked, and nothing goes until one of
them says so; that they left it is kept too, so that nobody is asked again. The school reads neither.

Risk: who was away twice on the day of the upgrade is asked about instead of written to. `app.missed_two` stays as the
code before calls it; the schedule asks no more. Rejected: a row that only a message makes (a no would be asked about
every evening).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import LED_COHORT, OWN_PARENT, SCHOOL, Access, protect

revision = "0136"
down_revision = "0135"

TABLE = """
create table missed_choice (
  school_id uuid not null references school (school_id),
  cohort_id uuid not null,
  parent_id uuid not null,
  is_sent boolean not null,
  chosen_by_id uuid not null,
  at timestamptz not null default app.now(),
  primary key (school_id, cohort_id, parent_id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, chosen_by_id) references facilitator (school_id, id));
"""
MISSED = """
create function app.missed_two_led(p_since date, p_today date)
  returns table (cohort_id uuid, parent_id uuid, next_session_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select m.cohort_id, m.parent_id, m.next_session_id from app.missed_two(p_since, p_today) m
      where m.cohort_id = any ((select app.led_cohort_ids())::uuid[]);
  end"""
#: What parents do is in nobody's trail but their own; that one was asked, or missed, says whether they came.
OWN = (
    "cohorts:absence:said",
    "cohorts:absence:taken_back",
    "cohorts:topics:voted",
    "measures:answer:saved",
    "measures:answers:sent",
    "meetings:first_visit:called",
    "meetings:first_visit:wished",
    "meetings:missed:chosen",
    "privacy:own_data:opened",
    "privacy:own_data:taken",
    "recruitment:consent:chosen",
    "recruitment:sealed:erased",
    "themes:reply:rated",
    "themes:theme:approved",
    "themes:theme:proposed",
    "themes:theme:said",
    "themes:theme:withdrawn",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect(
        "missed_choice",
        [
            Access("wb_facilitator", "select", LED_COHORT),
            Access("wb_facilitator", "insert", f"{LED_COHORT} and chosen_by_id = (select app.person_id())"),
            Access("wb_parent", "select", f"{OWN_PARENT} and at > (select identity.my_way_since())"),
        ],
    ):
        op.execute(statement)
    op.execute(MISSED)
    op.execute("grant execute on function app.missed_two_led(date, date) to wb_facilitator")
    op.execute("alter function app.missed_two_led(date, date) owner to wb_helper")
    events = ", ".join(f"'{event}'" for event in OWN)
    op.execute(
        f"alter policy audit_event_school_select on audit_event using ({SCHOOL} and event not in ({events}))"
    )
