"""States of what a group says to its school: proposed -> approved by the group -> replied, or withdrawn before."""

from __future__ import annotations

from enum import StrEnum


class ThemeState(StrEnum):
    """Of a theme; stored by value."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class Enough(StrEnum):
    """Whether the school's reply is enough, to one parent; stored by value, empty until they say."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


#: Where a theme leads to.
THEME_STEPS: dict[ThemeState, frozenset[ThemeState]] = {
    ThemeState.PROPOSED: frozenset({ThemeState.APPROVED, ThemeState.WITHDRAWN}),
    ThemeState.APPROVED: frozenset({ThemeState.REPLIED}),
    ThemeState.REPLIED: frozenset(),
    ThemeState.WITHDRAWN: frozenset(),
}
#: The school reads these, and no others.
THE_GROUPS = (ThemeState.APPROVED, ThemeState.REPLIED)
