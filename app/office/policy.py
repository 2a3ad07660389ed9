"""Who may open the pages of a school's office: whoever sits there. Staff have pages of their own."""

from __future__ import annotations

from app.identity.roles import Role

OFFICE: frozenset[Role | None] = frozenset({Role.SCHOOL_OFFICE})

ACCESS: dict[str, frozenset[Role | None]] = {
    "office.home": OFFICE,
    "office.list_parents": OFFICE,
    "office.search_parents": OFFICE,
    "office.note_call": OFFICE,
    "office.note_letters": OFFICE,
    "office.take_back": OFFICE,
    "office.save_chosen": OFFICE,
    "office.save_list": OFFICE,
    "office.list_as_file": OFFICE,
}

#: Names and numbers leave the service as a file.
CONFIRM = frozenset({"office.save_list", "office.list_as_file"})
