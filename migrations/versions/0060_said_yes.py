"""Know of a yes that staff noted and the parent has to confirm, so that the right next step is asked for.

Such a parent stood among those who would like to hear more: the week asked staff to call them, and nobody to send what
they confirm with. The moment goes when they take any step, also by being sent an invitation.

Risk: none for rows from before, whose yes stands in their history alone.
Rejected: a stage of its own, which everything that knows stages would have to learn; reading it from the words of the
history.
"""

from __future__ import annotations

from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.execute("alter table parent add column said_yes_at timestamptz")
