"""Who may open documents: the roles here, and of them only those whom the row policies show the document."""

from __future__ import annotations

from app.accounts.roles import SCHOOL_STAFF, Role

READERS = frozenset({Role.AUTHORITY_ADMIN, Role.FACILITATOR, Role.PARENT, *SCHOOL_STAFF})

ACCESS: dict[str, frozenset[Role | None]] = {
    "documents.download": READERS,
    "documents.waiting": READERS,
}
