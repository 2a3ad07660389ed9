"""Keep from a school's trail what other walls keep from its staff: a parent's choices, votes, absences and answers.

The trail names no names, but its ids join to contacts. Staff read the steps of parents, never that one of them voted,
said no to pooled answers, stayed away or looked at what is held about them. The rows stay, for the owner and for
whoever has to account for them.

Risk: none for pages; none lists these events. Rejected: rows without ids, by which nobody could ever be answered.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0057"
down_revision = "0056"

OWN = (
    "cohorts:absence:said",
    "cohorts:absence:taken_back",
    "cohorts:topics:voted",
    "measures:answer:saved",
    "measures:answers:sent",
    "privacy:own_data:opened",
    "privacy:own_data:taken",
    "recruitment:consent:chosen",
    "recruitment:sealed:erased",
)


def upgrade() -> None:
    events = ", ".join(f"'{event}'" for event in OWN)
    op.execute(
        f"alter policy audit_event_school_select on audit_event using ({SCHOOL} and event not in ({events}))"
    )
