"""Who may open documents: the roles here, and of them only those whom the row policies show the document."""

from __future__ import annotations

from app.identity.roles import SCHOOL_STAFF, Role

READERS = frozenset({Role.AUTHORITY_ADMIN, Role.FACILITATOR, Role.PARENT, Role.HEAD_TEACHER, *SCHOOL_STAFF})
#: Poster and cards name nobody.
PRINTERS: frozenset[Role | None] = frozenset({*SCHOOL_STAFF, Role.SCHOOL_OFFICE})

#: Kinds that name parents. The page asks again before one is opened, but not a parent, who sees only their own.
HOLD_PEOPLE = frozenset(
    {"session_register", "contact_sheet", "certificate", "group_plan", "invitation_letter", "signed_slip"}
)

ACCESS: dict[str, frozenset[Role | None]] = {
    "papers.download": READERS,
    "papers.waiting": READERS,
    "papers.room_photo": frozenset({Role.PARENT, Role.FACILITATOR, *SCHOOL_STAFF}),
    "papers.sign_up_poster": PRINTERS,
    "papers.sign_up_cards": PRINTERS,
}


def asks_again(kind: str, role: Role) -> bool:
    """Whether somebody in `role` must have shown who they are just now to open a document of this kind."""
    return kind in HOLD_PEOPLE and role is not Role.PARENT
