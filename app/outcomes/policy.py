"""Who may open the pages of `outcomes`: the authority makes releases, commissioners read what was published."""

from __future__ import annotations

from app.accounts.roles import Role

AUTHORITY: frozenset[Role | None] = frozenset({Role.AUTHORITY_ADMIN})
COMMISSIONERS: frozenset[Role | None] = frozenset({Role.COMMISSIONER})

ACCESS: dict[str, frozenset[Role | None]] = {
    "outcomes.releases": AUTHORITY,
    "outcomes.build": AUTHORITY,
    "outcomes.show_release": AUTHORITY,
    "outcomes.publish": AUTHORITY,
    "outcomes.withdraw": AUTHORITY,
    "outcomes.published": COMMISSIONERS,
    "outcomes.read_release": COMMISSIONERS,
    "outcomes.download": COMMISSIONERS,
}
