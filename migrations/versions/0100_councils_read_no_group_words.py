"""Take from councils the words that a school gave to a group: its name, room, why it ended and why a day changed.

A group may be called anything, also by a parent's name, a number or a diagnosis, and the council's page of a school
showed it under "You never see a parent's name". The page now calls groups by number and day; no other page of the
council needs any of these words.

Risk: while web servers of the version before still run, they cannot show a council a school, nor let one leave.
Rejected: looking for names in what a group is called (a spelling gets past it), and a view beside the table.
"""

from __future__ import annotations

from alembic import op

revision = "0100"
down_revision = "0099"

COHORT = """
revoke select on cohort from wb_authority;
grant select (school_id, id, state, places, first_on, starts_at, minutes, is_first_group, closed_at, created_at)
  on cohort to wb_authority;
"""
SESSION = """
revoke select on cohort_session from wb_authority;
grant select (school_id, id, cohort_id, number, on_date, starts_at, ends_at, state, topic, moved_from,
    moved_from_starts_at, closed_at, notes_taken_back_at, revision, changed_at)
  on cohort_session to wb_authority;
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(COHORT)
    op.execute(SESSION)
