"""Read what came to a school's home by its function too: offers, themes, sign-ups, how many of those asked joined.

Five statements came to the page after 0128, or were left out of it, and were planned anew on each visit. The function
has another name, since code of before reads the first one's answers by their places; a later revision drops that.

Risk: who changes one of the statements writes the function anew (`tests/architecture/test_page_functions.py`).
Rejected: as in decision 14.
"""

from __future__ import annotations

from alembic import op

from migrations.pages import install

revision = "0134"
down_revision = "0133"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    install(revision, "school_home_2", ("wb_school", "wb_dsl"))
