"""Who may put two records together: a school's staff, theirs."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "merging.choose": STAFF,
    "merging.search": STAFF,
    "merging.look_at": STAFF,
    "merging.show": STAFF,
    "merging.undo": STAFF,
}
