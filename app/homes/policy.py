"""Who may open which home."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

ACCESS: dict[str, frozenset[Role | None]] = {
    "homes.authority": frozenset({Role.AUTHORITY_ADMIN}),
    "homes.school": frozenset(SCHOOL_STAFF),
    "homes.facilitator": frozenset({Role.FACILITATOR}),
    "homes.parent": frozenset({Role.PARENT}),
}
