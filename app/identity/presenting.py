"""The page of an outside presenter's booking, opened without an account by the secret in its link.

Asked before there is any scope, by the secret's hash. It tells of the session and the school, and of nobody in a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.identity.gate import ask, function
from app.identity.websession import hash_secret

_OPEN = function("open_presenting", "hash")
_ANSWER = function("answer_presenting", "hash", "answer", "on_date", "starts_at")

#: Letters of a secret at most; longer ones are none of ours.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class PresentingPage:
    """What a link opens. `stands`: asked, yes, no, off, taken_back or over."""

    name: str
    talk: str
    needs: str
    door: str
    stands: str
    on_date: date
    #: Of the session.
    starts_at: time
    begins: time
    ends: time
    room: str
    format: str
    school_name: str
    address: str
    phone: str
    #: To a session online: who said yes sees it from two hours before until the end, as members do; else empty.
    join_link: str


def find_page(secret: str) -> PresentingPage | None:
    """What this link opens; None for one that was never sent, or whose booking is erased."""
    if len(secret) > LONGEST:
        return None
    for row in ask(_OPEN, hash=hash_secret(secret)):
        return PresentingPage(*row)
    return None


def answer(secret: str, *, comes: bool, on_date: date, starts_at: time) -> bool:
    """Keep what they say for the session on that day at that hour; False where it is not so, or not asked any more."""
    said = "yes" if comes else "no"
    rows = ask(_ANSWER, hash=hash_secret(secret), answer=said, on_date=on_date, starts_at=starts_at)
    return bool(rows[0][0])
