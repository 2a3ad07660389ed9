"""Who may open the pages of `outcomes`: the authority makes releases, commissioners read what was published."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, Role

AUTHORITY: frozenset[Role | None] = frozenset({Role.AUTHORITY_ADMIN})
COMMISSIONERS: frozenset[Role | None] = frozenset({Role.COMMISSIONER})

ACCESS: dict[str, frozenset[Role | None]] = {
    "outcomes.releases": AUTHORITY,
    "outcomes.build": AUTHORITY,
    "outcomes.show_release": AUTHORITY,
    "outcomes.publish": AUTHORITY,
    "outcomes.withdraw": AUTHORITY,
    "outcomes.show_to_everybody": AUTHORITY,
    "outcomes.public_results": EVERYBODY,
    "outcomes.public_release": EVERYBODY,
    "outcomes.published": COMMISSIONERS,
    "outcomes.read_release": COMMISSIONERS,
    "outcomes.download": COMMISSIONERS,
}
