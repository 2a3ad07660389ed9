"""Who may send a list of parents: a school's staff, theirs."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "parent_import.send": STAFF,
    "parent_import.download_template": STAFF,
    "parent_import.show": STAFF,
    "parent_import.name_columns": STAFF,
    "parent_import.read_again": STAFF,
    "parent_import.choose": STAFF,
    "parent_import.add_all": STAFF,
    "parent_import.undo": STAFF,
    "parent_import.throw_away": STAFF,
}
