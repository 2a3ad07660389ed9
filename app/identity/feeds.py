"""The secret address by which a calendar reads somebody's dates: theirs in one role, and opens nothing else.

The database keeps its hash, gives it out in that person's own browser alone, and takes it back when the role ends or
the way in changes. What is read by it is read in that person's scope, as their pages are.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.identity.gate import ask, function
from app.identity.roles import Role
from app.identity.websession import hash_secret
from tenants.scope import Scope

_SET = text("select identity.set_feed(:hash, :shows_place)")
_DROP = text("select identity.drop_feed()")
_MINE = text("select made_at, shows_place, read_on from identity.my_feed()")
_OPEN = function("open_feed", "hash", "is_read")

#: Letters of a secret at most; ours have 43.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that somebody gave their calendar. `read_on`: the last day on which it came."""

    made_at: datetime
    shows_place: bool
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar asks. Whoever leads at a council has no school."""

    role: Role
    authority_id: UUID
    school_id: UUID | None
    person_id: UUID
    shows_place: bool

    @property
    def scope(self) -> Scope:
        """Without a browser: nothing can be pressed in it."""
        return Scope(self.role.audience, self.authority_id, self.school_id, self.person_id)


def find_mine(session: Session) -> Feed | None:
    """The address of whoever this scope serves, without its secret."""
    row = session.execute(_MINE).first()
    return Feed(*row) if row else None


def make(session: Session, *, shows_place: bool) -> str | None:
    """A new secret in the place of any before; None where nobody is signed in here any more."""
    secret = secrets.token_urlsafe(32)
    made = session.execute(_SET, {"hash": hash_secret(secret), "shows_place": shows_place}).scalar_one()
    return secret if made else None


def stop(session: Session) -> bool:
    """The address opens nothing from here on. False where there was none."""
    return bool(session.execute(_DROP).scalar_one())


def open_feed(secret: str, *, is_read: bool) -> Reader | None:
    """Whose dates this address opens; None for one that was never given out, or was taken back.

    `is_read`: whether a calendar reads it, which its owner's page says.
    """
    if len(secret) > LONGEST:
        return None
    for row in ask(_OPEN, hash=hash_secret(secret), is_read=is_read):
        return Reader(Role(row.role), row.authority_id, row.school_id, row.person_id, row.shows_place)
    return None
