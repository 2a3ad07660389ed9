"""Keep from a school's staff which parents said that they may be asked about leading: the message that asks tells it.

Risk: staff do not find this one kind in a parent's list of messages any more, nor learn that it failed.
Rejected: naming the choice as one that staff see, which parents who said yes before did not agree to.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0070"
down_revision = "0069"

FOR_STAFF = f"{SCHOOL} and kind not in ('we_missed_you', 'halfway', 'choose_topics', 'invite_to_lead')"


def upgrade() -> None:
    for verb in ("select", "update"):
        op.execute(f"alter policy outbox_school_{verb} on outbox using ({FOR_STAFF})")
