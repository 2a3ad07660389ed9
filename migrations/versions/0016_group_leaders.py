"""Tell parents the first names of those who lead their group.

Risk: none, nothing that is there changes.
"""

from __future__ import annotations

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    pass
