"""What people answer to our texts. Only STOP is read by a machine; everything else is for the school's people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_STOP_WORDS = frozenset({"stop", "stopp", "stopall", "unsubscribe", "optout"})

#: Those whose texts a reply stops: not stopped yet, and not agreed to again since the reply was written.
STILL_TEXTED = text(
    "select c.parent_id from parent_contact c left join consent k on k.school_id = c.school_id"
    " and k.parent_id = c.parent_id and k.kind = 'text' and k.given"
    " where c.school_id = :school and c.phone = any(:spellings) and c.texts_stopped_at is null"
    " and (k.changed_at is null or k.changed_at < :at) order by c.parent_id"
)


def says_stop(words: str) -> bool:
    """True for STOP, "stop please", "STOP ALL"; not for "can't stop thinking about it"."""
    letters = "".join(sign if sign.isalpha() else " " for sign in words.casefold()).split()
    return bool(letters) and letters[0] in _STOP_WORDS


def spellings(phone: str) -> list[str]:
    """The ways in which a British number may be stored: +447700900123, 447700900123, 07700900123."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    national = digits.removeprefix("44").removeprefix("0") if digits.startswith(("44", "0")) else digits
    return [f"+44{national}", f"44{national}", f"0{national}", f"+{digits}"]


def parents_to_stop(session: Session, school_id: UUID, *, phone: str, at: datetime) -> list[UUID]:
    """Parents of this school who get texts at `phone`, as far as a STOP of that moment goes."""
    values = {"school": school_id, "spellings": spellings(phone), "at": at}
    return list(session.execute(STILL_TEXTED, values).scalars())
