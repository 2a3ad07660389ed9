"""How large a group is, and how long it goes on: the programme's own numbers."""

from __future__ import annotations

SESSIONS = 8
SESSION_MINUTES = 90
FEWEST_PARENTS, MOST_PARENTS = 8, 10
FEWEST_FACILITATORS, MOST_FACILITATORS = 2, 4
