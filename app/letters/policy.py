"""Who prints letters: a school's staff, to its own parents."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)

ACCESS: dict[str, frozenset[Role | None]] = {
    "letters.look_at": STAFF,
    "letters.make": STAFF,
    "letters.pile": STAFF,
    "letters.print_all": STAFF,
    "letters.note_given": STAFF,
}

#: Names, with a link for each, leave the service as a file.
CONFIRM = frozenset({"letters.print_all"})
