"""Who may read a school in numbers: its head teacher, who opens no list."""

from __future__ import annotations

from app.identity.roles import Role

HEADS: frozenset[Role | None] = frozenset({Role.HEAD_TEACHER})

ACCESS: dict[str, frozenset[Role | None]] = {
    "in_numbers.home": HEADS,
    "in_numbers.papers": HEADS,
}
