"""Fixed identifiers and fixed chance, so that every demo borough is the same but for its dates."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from uuid import UUID

SEED = "we-belong-demo-1"
#: The moment in every made identifier, 1 January 2026 in milliseconds: UUIDv7 wants one, order does not matter.
_MOMENT = 1_767_225_600_000


def made_id(*parts: object) -> UUID:
    """The identifier of a demo row, the same on every machine: `made_id("parent", 990001, "today", 1)`."""
    digest = sha256("/".join((SEED, *map(str, parts))).encode()).digest()
    value = bytearray(_MOMENT.to_bytes(6, "big") + digest[:10])
    value[6] = 0x70 | (value[6] & 0x0F)
    value[8] = 0x80 | (value[8] & 0x3F)
    return UUID(bytes=bytes(value))


def membership_id(role: str, person_id: UUID) -> UUID:
    """The membership that gives a demo person one role."""
    return made_id("membership", role, person_id)


def dice(*parts: object) -> Random:
    """A source of chance that depends on what it is for and on nothing else."""
    return Random("/".join((SEED, *map(str, parts))))  # noqa: S311 - invented data, no secret
