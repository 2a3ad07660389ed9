"""Know which dates of their group staff told somebody themselves, whom no message reaches.

The school's week and the group's page ask for them, by name, until that is noted; when the dates move they ask again.
`told_at` is the moment of the plan that they were told: the newest change of a day, hour, room or state, or when they
got their place.

Risk: who is in a group and reached by nothing today is asked for once, also where staff have told them already.
Rejected: a table of what is to do, which everything that gives a place, moves a date or stops a message would have to
keep; reading it from the messages that were held back, of which there is none for somebody who stops them afterwards.
"""

from __future__ import annotations

from alembic import op

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    op.execute("alter table enrolment add column told_at timestamptz")
