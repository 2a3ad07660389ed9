"""Whether a reply to a text asks for no more of them, in the words, languages and spellings of tired people.

A no that is not heard is worse than one heard by mistake: whoever is stopped is told so at once, and how to change it.
So a text that begins or ends with the word counts, unless it is plainly about something else: "please don't stop the
group" and "can you stop by on Tuesday?" stop nothing, and go to a person.
"""

from __future__ import annotations

import re
import unicodedata


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: The word itself, mistyped, and what somebody may have at hand in a language that the service is read in.
_STOPS = _set(
    "stop stpo sotp tsop stopall unsubscribe unsub optout стоп stoppen alto parar arret arrete durdur durdurun przestan"
    " przestancie jooji joojiya opriti opreste opreşte توقف ایست بند روکیں ايقاف ايقف اوقف اوقفوا বন্ধ থামান থামুন dung dừng"
)
#: Alone, the opposite.
_STARTS = _set("start restart unstop resume subscribe")
#: These stop only as a whole reply: "See you soon. The end." is kind.
_STOPS_ALONE = _set("end quit cancel dur")
_MANNERS = _set(
    "no please pls plz plse kindly thanks thank thx ta you u hi hello hey ok okay sorry now just immediately"
    " x xx xxx xxxx lutfen prosze"
)
_OBJECTS = _set(
    "texts text texting txt txts txting messages message messaging messagin msg msgs msging msgin sms"
    " sending contacting"
)
_AROUND = _set(
    "all any anymore more me us the these this those your it to from my number phone off receiving getting"
)
_WISHES = _set("i we want would like id can could will wish")
_REASONS = _set("wrong number person not interested im i am")
#: What stands before the word where somebody repeats it: "Reply STOP", "Yes stop", "I said stop".
_SAID = _set("reply yes yeah yep i we ive said say told asked you already again text texted and")
_NOT = _set("not never dont cant wont doesnt didnt shouldnt couldnt wouldnt nor without")
_NO_MORE = _set("no more dont do not contact send ever again please")
#: After the word, these make it a verb of something else: "stop by", "stop the lesson", "stop on Tuesday".
_OF_SOMETHING = _set(
    "by in at on over off here there a an the my our her his him them for being and or bus worry group groups lesson"
    " class school session meeting monday tuesday wednesday thursday friday saturday sunday"
    " today tomorrow tonight sign watch"
)


def says_start(words: str) -> bool:
    """True for START, "Start please", "unstop": the opposite of a STOP, alone."""
    found = set(_letters(words))
    return bool(found & _STARTS) and found <= _STARTS | _MANNERS | _OBJECTS | {"again", "my"}


def says_stop(words: str) -> bool:
    """True for STOP, "Please stop.", "stop texting me", END; not for "don't stop" or "can't stop by on Tuesday"."""
    words = words.replace("\N{OCTAGONAL SIGN}", " stop ")
    # "S.T.O.P" is one word, and in "Stop, who is this?" the first stands for itself.
    words = re.sub(r"(?<=\b\w)\.(?=\w\b)", " ", words)
    words = re.sub(r"^(\s*\w+)\s*[,:\u2013\u2014]", r"\1.", words)
    said = [(_letters(part), part.rstrip().endswith("?")) for part in re.split(r"(?<=[.!?\n;])", words)]
    sentences = [(found, asks) for found, asks in said if found]
    if not sentences:
        return False
    first, asks_first = sentences[0]
    # "STOP! I never asked for this": the word stands for itself, whatever follows.
    if _begins(first) and not asks_first:
        return True
    if len(sentences) == 1 and not asks_first and _ends(first, is_loud=_is_loud(words)):
        return True
    if any(_wants_no_more(set(found)) for found, asks in sentences if not asks):
        return True
    if any(_NOT & set(found) for found, _asks in sentences):
        return False
    is_alone = len(sentences) == 1 and ("the" not in first or bool(set(first) & _OBJECTS))
    if (
        is_alone
        and (not asks_first or _asks_us(set(first)))
        and _means_stop(set(first), _STOPS | _STOPS_ALONE)
    ):
        return True
    return any(_means_stop(set(found), _STOPS) for found, asks in sentences if not asks)


def _begins(found: list[str]) -> bool:
    """ "Stop - Anwar", "Please stop I already told you": the word first, and not as the verb of something else."""
    rest = list(found)
    while rest and rest[0] in _MANNERS:
        rest.pop(0)
    if not rest or rest[0] not in _STOPS:
        return False
    after = rest[1:]
    if not after or after[0] in _OBJECTS | _MANNERS | _STOPS:
        return True
    if after[0] in _AROUND:
        return bool(set(after) & _OBJECTS) or not set(after) - _AROUND - _MANNERS
    return after[0] not in _OF_SOMETHING and not (after[0].endswith("ing") and len(after[0]) > 4)


def _ends(found: list[str], *, is_loud: bool) -> bool:
    """ "Not interested stop", "I said stop", "I have asked you to STOP": the word last, by a reason or in capitals."""
    while found and found[-1] in _MANNERS:
        found = found[:-1]
    if not found or found[-1] not in _STOPS:
        return False
    before = set(found[:-1])
    return before <= _REASONS | _MANNERS or before <= _SAID | _MANNERS or (is_loud and not before & _NOT)


def _is_loud(words: str) -> bool:
    """Whether STOP alone is written in capitals, so that it stands out as what our texts ask for."""
    capitals = re.findall(r"\b[A-Z]{2,}\b", words)
    return "STOP" in capitals and bool(re.search("[a-z]{2}", words))


def _asks_us(found: set[str]) -> bool:
    """ "Can you stop texting?" asks us; "Will the texts stop?" wants to know."""
    return "you" in found and "i" not in found


def _means_stop(found: set[str], stops: frozenset[str]) -> bool:
    if not found & stops:
        return False
    rest = found - stops - _MANNERS - _AROUND
    # "I want to stop" may be about the group; "I want to stop texts" is not, and "can you stop" asks us.
    return not rest - _OBJECTS - (_WISHES if found & _OBJECTS or _asks_us(found) else frozenset())


def _wants_no_more(found: set[str]) -> bool:
    """ "Don't text me", "no more texts", "remove me": the wish without the word."""
    if {"remove", "me"} <= found and not found - _AROUND - _MANNERS - {"remove", "list"}:
        return True
    refuses = {"no", "more"} <= found or "dont" in found or {"do", "not"} <= found
    speaks_of_texts = found & (_OBJECTS | {"contact"}) and ("i" not in found)
    return bool(refuses and speaks_of_texts) and not found - _OBJECTS - _AROUND - _MANNERS - _NO_MORE


def _letters(words: str) -> list[str]:
    """Small letters, word by word; apostrophes left out, "S T O P" and "opt out" made one, "STOOOP" is stop."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    plain = re.sub(r"[\u2018\u2019'`´]", "", plain).replace("opt out", "optout").replace("opt-out", "optout")
    plain = _without_accents(plain)
    # Marks belong to their letters: without them a word of Bengali falls apart.
    plain = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in plain)
    plain = re.sub(r"\bs+t+o+p+\b", "stop", plain)
    found = plain.split()
    return ["".join(found)] if len(found) > 1 and all(len(word) == 1 for word in found) else found


def _without_accents(words: str) -> str:
    """Latin and Arabic letters without what stands above or below them, which phones leave out as often as not."""
    found = unicodedata.normalize("NFD", words)
    kept = re.sub(r"[\u0300-\u036f\u064b-\u0655\u0670]", "", found)
    return unicodedata.normalize("NFC", kept)
