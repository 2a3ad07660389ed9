"""Hold to their browser also those whose checks, references, training and acceptances others build upon.

0101 guarded what takes two people where the second agrees, and forgot where the first leaves a row: a statement run in
a colleague's page could carry somebody's check in another's name, and then say *ready* in its own.

Risk: as in 0101. Rejected: guarding every table (a page that is ended while it saves would lose what nobody can
misuse).
"""

from __future__ import annotations

from alembic import op

revision = "0111"
down_revision = "0110"

TABLES = {
    "facilitator_check": "insert or update",
    "facilitator_reference": "insert or update",
    "facilitator_training": "insert",
    "agreement_review": "insert",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table, event in TABLES.items():
        op.execute(
            f"create trigger {table}_pressed before {event} on {table} for each row"
            " execute function identity.guard_pressed()"
        )
