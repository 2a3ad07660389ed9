"""Who may open the pages of `safeguarding`."""

from __future__ import annotations

from app.accounts.roles import Role

ACCESS: dict[str, frozenset[Role | None]] = {}
