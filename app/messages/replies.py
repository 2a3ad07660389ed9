"""What people answer to our texts: a wish to stop is carried out by a machine, everything else is for people.

When in doubt it goes to a person: "please don't stop the group" stops nothing.
"""

from __future__ import annotations

import re
import unicodedata
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
    Heard.KEPT: (
        _("Your school gets your text and may not read it today."),
        _("In danger? Call 999."),
        _("Reply STOP to end texts."),
    ),
    Heard.NOBODYS: (
        _("Nobody reads this number."),
        _("In danger? Call 999."),
        _("To reach your school, sign in: {link}"),
    ),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: With the words that somebody may have at hand in a language of their own.
_STOPS = _set(
    "stop stopp stopall unsubscribe unsub optout стоп stoppen alto parar arret arrêt durdur przestań توقف ایست বন্ধ dừng"
)
#: These stop only as a whole reply: "See you soon. The end." is kind.
_STOPS_ALONE = _set("end quit cancel")
_MANNERS = _set(
    "no please pls plz plse kindly thanks thank thx ta you u hi hello hey ok okay sorry now just immediately"
)
_OBJECTS = _set(
    "texts text texting txt txts txting messages message messaging msg msgs sms sending contacting"
)
_AROUND = _set("all any anymore more me us the these this those your it to from my number phone off")
_WISHES = _set("i we want would like id can could will wish")
_REASONS = _set("wrong number person not interested im i am")
_NOT = _set("not never dont cant wont doesnt didnt shouldnt couldnt wouldnt nor without")
_NO_MORE = _set("no more dont do not contact send ever again please")


def says_stop(words: str) -> bool:
    """True for STOP, "Please stop.", "stop texting me", END; not for "don't stop" or "can't stop by on Tuesday"."""
    # "S.T.O.P" is one word, and in "Stop, who is this?" the first stands for itself.
    words = re.sub(r"(?<=\b\w)\.(?=\w\b)", " ", words)
    words = re.sub(r"^(\s*\w+)\s*[,:\u2013\u2014]", r"\1.", words)
    said = [(_letters(part), part.rstrip().endswith("?")) for part in re.split(r"(?<=[.!?\n;])", words)]
    sentences = [(found, asks) for found, asks in said if found]
    if not sentences:
        return False
    first = set(sentences[0][0])
    if len(sentences) == 1 and _is_signed_off(sentences[0][0]):
        return True
    # "STOP! I never asked for this": the word stands for itself, whatever follows.
    if first & _STOPS and first <= _STOPS | _MANNERS:
        return True
    if any(_wants_no_more(set(found)) for found, asks in sentences if not asks):
        return True
    if any(_NOT & set(found) for found, _asks in sentences):
        return False
    is_alone = len(sentences) == 1 and ("the" not in first or bool(first & _OBJECTS))
    if is_alone and _means_stop(first, _STOPS | _STOPS_ALONE):
        return True
    return any(_means_stop(set(found), _STOPS) for found, asks in sentences if not asks)


def _is_signed_off(found: list[str]) -> bool:
    """ "Stop thanks Jo", "not interested stop": the word, then thanks and a name; or a reason before the word."""
    if found[0] in _STOPS and len(found) > 1 and set(found[1:2]) <= _MANNERS and len(found) <= 4:
        return not _NOT & set(found)
    return found[-1] in _STOPS and set(found[:-1]) <= _REASONS | _MANNERS


def _means_stop(found: set[str], stops: frozenset[str]) -> bool:
    if not found & stops:
        return False
    rest = found - stops - _MANNERS - _AROUND
    # "I want to stop" may be about the group; "I want to stop texts" is not, and "can you stop" asks us.
    asks_us = "you" in found and "i" not in found
    return not rest - _OBJECTS - (_WISHES if found & _OBJECTS or asks_us else frozenset())


def _wants_no_more(found: set[str]) -> bool:
    """ "Don't text me", "no more texts", "remove me": the wish without the word."""
    if {"remove", "me"} <= found and not found - _AROUND - _MANNERS - {"remove", "list"}:
        return True
    refuses = {"no", "more"} <= found or "dont" in found or {"do", "not"} <= found
    speaks_of_texts = found & (_OBJECTS | {"contact"}) and ("i" not in found)
    return bool(refuses and speaks_of_texts) and not found - _OBJECTS - _AROUND - _MANNERS - _NO_MORE


def _letters(words: str) -> list[str]:
    """Small letters, word by word; apostrophes left out, "S T O P" and "opt out" made one."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    plain = re.sub(r"[\u2018\u2019'`´]", "", plain).replace("opt out", "optout").replace("opt-out", "optout")
    # Marks belong to their letters: without them a word of Bengali or Arabic falls apart.
    plain = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in plain)
    found = plain.split()
    return ["".join(found)] if len(found) > 1 and all(len(word) == 1 for word in found) else found


def spellings(phone: str) -> list[str]:
    """The ways in which a British number may be stored: +447700900123, 447700900123, 07700900123."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    national = digits.removeprefix("44").removeprefix("0") if digits.startswith(("44", "0")) else digits
    return [f"+44{national}", f"44{national}", f"0{national}", f"+{digits}"]


def parents_to_stop(session: Session, school_id: UUID, *, phone: str, at: datetime) -> list[UUID]:
    """Parents of this school who get texts at `phone`, as far as a STOP of that moment goes."""
    return catalogue.parents().texted_at(session, school_id, spellings(phone), at)
