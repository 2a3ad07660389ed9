"""Who may open the pages of announcements."""

from __future__ import annotations

from app.identity.roles import SCHOOL_PEOPLE, Role

COUNCIL: frozenset[Role | None] = frozenset({Role.AUTHORITY_ADMIN})

ACCESS: dict[str, frozenset[Role | None]] = {
    "announcements.of_council": COUNCIL,
    "announcements.stop": COUNCIL,
    "announcements.of_school": frozenset(SCHOOL_PEOPLE),
}
