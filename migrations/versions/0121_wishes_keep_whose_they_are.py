"""Whose wishes a row holds never moves.

Staff and the parent may change what suits somebody. Nothing held the row to its parent: with a statement of one's own,
wishes could be handed to another of the same school, and say of them what they never said.

Risk: none; no page moves one. Rejected: a grant by column (a column that comes later would be forgotten).
"""

from __future__ import annotations

from alembic import op

revision = "0121"
down_revision = "0120"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(
        "create trigger group_wish_keys before update of parent_id on group_wish for each row"
        " execute function app.keys_never_move('parent_id')"
    )
