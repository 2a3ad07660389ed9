"""Signing up without an account: the address of a school's page opens its name, and takes what somebody writes there.

Asked before there is any scope, by the hash of the address's secret. What is written is never read back this way, and
the answer is the same for whoever is known at that school.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.identity.gate import ask, function
from app.identity.secrets import keyed_hash
from app.identity.websession import hash_secret
from infra.ids import new_id

_GIVE = text("select identity.give_signup_address(:hash, :link)")
_OPEN = function("open_signup", "hash")
_SIGN_UP = function("sign_up", "hash", "id", "first_name", "last_name", "email", "phone", "language")

#: Digits and letters that nobody takes for another, when they type them from a poster. 12 of them have 60 bits.
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH, APART = 12, 4
#: What is typed for which letter of ours.
_ALIKE = str.maketrans("oil", "011")
#: Letters of an address at most, with all that people put between.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class SignupPage:
    """What a link leads to."""

    kind: str
    school_name: str
    organisation: str
    is_open: bool


def secret_of(secret_key: str, link_id: UUID) -> str:
    """The secret part of a link's address, always the same: a poster can be printed again."""
    number = int.from_bytes(keyed_hash(secret_key, "signup-link", link_id)[:8], "big")
    letters = "".join(LETTERS[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(letters[at : at + APART] for at in range(0, LENGTH, APART))


def hash_of(secret: str) -> bytes:
    """What is kept of it, however somebody typed it."""
    typed = secret.lower().translate(_ALIKE) if len(secret) <= LONGEST else ""
    return hash_secret("".join(letter for letter in typed if letter in LETTERS))


def give(session: Session, secret_key: str, link_id: UUID) -> None:
    """Have the link of this id reached by its address, in the scope of the school that gives it out."""
    values = {"hash": hash_of(secret_of(secret_key, link_id)), "link": link_id}
    if not session.execute(_GIVE, values).scalar_one():
        raise LookupError("an address is given once, to a link of this school")


def find_page(secret: str) -> SignupPage | None:
    """What this address leads to; None for one that was never given out, or was taken back."""
    for row in ask(_OPEN, hash=hash_of(secret)):
        return SignupPage(*row)
    return None


def sign_up(secret: str, *, first_name: str, last_name: str, email: str, phone: str, language: str) -> bool:
    """Keep what somebody wrote for the school; False where the page takes nothing any more. Twice is once."""
    rows = ask(
        _SIGN_UP,
        hash=hash_of(secret),
        id=new_id(),
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=phone,
        language=language,
    )
    return bool(rows[0][0])
