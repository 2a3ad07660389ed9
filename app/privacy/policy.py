"""Who may see everything that we hold of somebody: they themselves, and only a short while after a proof."""

from __future__ import annotations

from app.identity.roles import LINK_ROLES, Role

ACCESS: dict[str, frozenset[Role | None]] = {
    "privacy.my_data": LINK_ROLES,
    "privacy.my_data_file": LINK_ROLES,
}

CONFIRM = frozenset(ACCESS)
