"""What people answer to our texts: a machine carries out a wish to stop (`stop_words.py`), all else is for people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.messages import catalogue
from app.messages.kind import _
from app.states.messages import Heard

#: A reply belongs to a school that texted the number within this time, if it is the only one.
LATELY = timedelta(days=14)
#: One automatic answer of each sort to a number within this time: two robots never talk.
ANSWER_AGAIN = timedelta(days=1)
#: Older replies are kept, and not answered: an answer would come as a surprise.
ANSWER_WITHIN = timedelta(hours=12)

#: The automatic answers. One text each; `link` is the way to sign in.
ANSWERS = {
    Heard.STOP: (
        _("We have stopped texts to this number."),
        _("Changed your mind? Sign in: {link}"),
        _("In danger? Call 999."),
    ),
    Heard.START: (
        _("A text cannot start our texts again."),
        _("Sign in and choose them: {link}"),
        _("Or call your school."),
        _("In danger? Call 999."),
    ),
    Heard.KEPT: (
        _("Your school gets your text and may not read it today."),
        _("In danger? Call 999."),
        _("Reply STOP to end texts."),
    ),
    Heard.NOBODYS: (
        _("Nobody reads this number."),
        _("In danger? Call 999."),
        _("To reach your school, sign in: {link}"),
        _("Reply STOP to end texts."),
    ),
}


def spellings(phone: str) -> list[str]:
    """The ways in which a British number may be stored: +447700900123, 447700900123, 07700900123."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    national = digits.removeprefix("44").removeprefix("0") if digits.startswith(("44", "0")) else digits
    return [f"+44{national}", f"44{national}", f"0{national}", f"+{digits}"]


def parents_to_stop(session: Session, school_id: UUID, *, phone: str, at: datetime) -> list[UUID]:
    """Parents of this school who get texts at `phone`, as far as a STOP of that moment goes."""
    return catalogue.parents().texted_at(session, school_id, spellings(phone), at)
