"""Let a council say for how many days a place is kept that is offered, and remind whom it is kept for once.

Five days were written into the programme. Where many have no telephone of their own, or answer by letter, they are few;
where groups fill within a week they are many.

Risk: none; a council that says nothing has five days as before. Rejected: a number of each group (one more question on
a page that has seven), and a length in the offer's row (a day is what people read).
"""

from __future__ import annotations

from alembic import op

revision = "0127"
down_revision = "0126"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(
        "alter table authority add column offer_days int not null default 5"
        " constraint authority_offer_days check (offer_days between 1 and 28)"
    )
