"""Who may write the contact log: a school's staff about its parents, the council's team about its schools."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

STAFF = frozenset(SCHOOL_STAFF)
COUNCIL = frozenset({Role.AUTHORITY_ADMIN})

ACCESS: dict[str, frozenset[Role | None]] = {
    "contact_log.list_with_parents": STAFF,
    "contact_log.note_with_parent": STAFF,
    "contact_log.finish_with_parent": STAFF,
    "contact_log.put_off_with_parent": STAFF,
    "contact_log.change_with_parent": STAFF,
    "contact_log.take_back_with_parent": STAFF,
    "contact_log.list_with_schools": COUNCIL,
    "contact_log.note_with_school": COUNCIL,
    "contact_log.finish_with_school": COUNCIL,
    "contact_log.put_off_with_school": COUNCIL,
    "contact_log.change_with_school": COUNCIL,
    "contact_log.take_back_with_school": COUNCIL,
}
