"""Who may open the pages of `measures`: parents, each their own answers."""

from __future__ import annotations

from app.identity.roles import Role

PARENTS: frozenset[Role | None] = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "measures.my_answers": PARENTS,
    "measures.intro": PARENTS,
    "measures.question": PARENTS,
    "measures.check": PARENTS,
    "measures.thank_you": PARENTS,
    "measures.given": PARENTS,
    "measures.my_change": PARENTS,
}
