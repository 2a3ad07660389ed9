"""Whether somebody at work stands in for a safeguarding lead, for what their role is called."""

from __future__ import annotations

from uuid import UUID

from app.identity.gate import ask_signing_in, function
from app.identity.roles import Role

STANDS_IN = function("is_stand_in", "membership", "token", "account")


def stands_in(
    role: Role | None,
    *,
    membership: UUID | None = None,
    token: bytes | None = None,
    account: UUID | None = None,
) -> bool:
    """Whether this role is a deputy's: one somebody has, one that an invitation gives, or one still to begin."""
    if role is not Role.SCHOOL_DSL:
        return False
    found: bool = ask_signing_in(STANDS_IN, membership=membership, token=token, account=account)[0][0]
    return found
