"""Let people at work set a new password by a link to their own address.

Risk: none, nothing that is there changes.
"""

from __future__ import annotations

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    pass
