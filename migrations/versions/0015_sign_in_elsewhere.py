"""Keep which account of a council's or school's own directory is whose.

Risk: none, nothing that is there changes.
"""

from __future__ import annotations

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    pass
